/** What `belamy serve --help` says. */
export const serveHelp = `belamy serve: a page and an address with a fresh picture at every visit

Usage
  belamy serve [RUN|FILE.onnx] [options]

  RUN is a run folder, its number or its name; the latest when left out.

  /             a page with a fresh picture; /?seed=7 always has the same
  /picture.png  the picture alone, its file saying that a machine made it,
                with which model and seed; an ETag, and X-Synthetic: true
  /api/picture  the same told as JSON; /openapi.json describes it all
  /healthz      whether it is up; /metrics has counts for Prometheus

Options
  --port N        where it listens (4680); 0 for any that is free
  --host ADDRESS  who reaches it (127.0.0.1, this machine alone)
  --rate N        requests a second that one address may make (20)
  --truncation N  how far from the middle of all latents pictures are, from 0
                  to 1, which is everywhere (1)
  --json          print the address as JSON
  -h, --help      show this help

Examples
  belamy serve
  belamy serve 1 --port 0 --truncation 0.7
`;
