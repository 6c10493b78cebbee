/** What `belamy curve --help` says. */
export const curveHelp = `belamy curve: score pictures made larger, as papers on super-resolution do

Usage
  belamy curve [SOURCE [OTHER]] --pictures FOLDER [options]

  SOURCE is a run (its folder, number or name; the latest when left out),
  ESRGAN weights (.safetensors), an .onnx model, bicubic or lanczos. A run of
  esrgan has two networks, as its stages left them, and so have two files of
  weights: those between them, (1 - a) first + a second, are scored too,
  and --out draws how near to the truth and how like it they are.

  FOLDER holds pictures. Each is made smaller as MATLAB does it, unless it has a
  small one beside it: img_001_LR.png beside img_001_HR.png.

Options
  --pictures FOLDER  what is made smaller, made larger, and compared
  --alphas LIST      how many places between the networks, or which, such as
                     0,0.5,1 (11)
  --out FILE         where to draw the curve, .svg: nearer to the truth to the
                     right, more like it below
  --json             print as JSON
  -h, --help         show this help

Examples
  belamy curve bicubic --pictures photos
  belamy curve lanczos --pictures photos --json
`;
