/** What `belamy portrait --help` says. */
export const portraitHelp = `belamy portrait: the framed picture of a run, signed with the formula

Usage
  belamy portrait [RUN] [options]

  RUN is a run folder, its number or its name; the latest when left out. Of some
  pictures the one is taken that the run's discriminator thinks most real; it is
  enlarged, signed with what the two networks play for, and framed. The same
  command makes the same file, and the file says how it came about.

Options
  --of N          how many seeds to choose from (64, or 1 where nobody judges)
  --seed N        the first of them (0)
  --canvas RxC    so many rows and columns of latents make one larger picture,
                  with generators of convolutions alone, such as art-dcgan (1x1)
  --truncation N  how far from the middle of all latents pictures are, from 0
                  to 1, which is everywhere (1)
  --model SOURCE  what enlarges it: ESRGAN weights (.safetensors or .pth), a
                  model (.onnx), a run's folder, bicubic or lanczos (bicubic)
  --pixels N      about how long its longer side becomes, without frame (1024)
  --bare          no frame: for those who have one
  --out FILE      a .png (portrait-seed<seed>.png)
  --json          print what was made as JSON
  -h, --help      show this help

Examples
  belamy portrait
  belamy portrait 1 --of 16 --seed 100 --pixels 256 --out de-belamy.png
`;
