// Makes one picture larger; says what memory and time that took.
import { upscale } from "../dist/index.js";

const { source, options } = JSON.parse(process.argv[2]);
const startMs = performance.now();
const { files } = await upscale(source, options);
const seconds = (performance.now() - startMs) / 1000;
// Node counts kibibytes.
const mib = process.resourceUsage().maxRSS / 1024;
const [{ to, consistency }] = files;
console.log(JSON.stringify({ result: to, mib, seconds, consistency }));
