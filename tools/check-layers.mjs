// The layer lint: `node tools/check-layers.mjs [root]` says where imports point the wrong way,
// where the core leaves its platform-free ground, and which files have grown too long.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";

const core = [
  "shape",
  "tensor",
  "onnx",
  "runtime",
  "nn",
  "game",
  "zoo",
  "metrics",
  "figure",
  "doctor",
];
const libraries = [...core, "data", "run"];

/** What each folder of src may import besides itself; design.md section 2. */
const allowed = {
  shape: [],
  tensor: ["shape"],
  onnx: ["shape", "tensor"],
  runtime: ["shape", "tensor", "onnx"],
  nn: ["shape", "tensor"],
  game: ["shape", "tensor", "onnx", "runtime", "nn"],
  figure: ["shape"],
  zoo: ["shape", "tensor", "nn", "game", "metrics", "figure"],
  data: ["shape"],
  metrics: ["shape", "tensor", "onnx", "runtime", "nn"],
  doctor: ["shape", "game", "metrics"],
  run: [...core, "data"],
  page: libraries,
  learning: libraries,
  upscale: libraries,
  portrait: [...libraries, "upscale", "serve"],
  cli: [...libraries, "upscale", "server", "serve", "portrait"],
  server: libraries,
  serve: [...libraries, "server"],
  "index.ts": [...libraries, "upscale", "serve", "portrait"],
  "browser.ts": [...libraries, "page"],
};

/** Files of the core that may use the platform, and why. */
const platformFiles = {
  "runtime/ort.node.ts": "it is what the package.json import #ort is in Node",
};

/** Files that may be longer than `longest` lines, and why. */
const longest = 400;
const longFiles = {
  "index.ts": "one list of every public name",
  "browser.ts": "one list of every public name in a page",
  "game/trace.ts": "one walk from a definition to its plan; its parts share the tracer's state",
};

/** Packages that a page cannot load. */
const nodePackages = ["sharp", "tar-stream", "yauzl", "commander", "onnxruntime-node"];

const platformNames =
  /(?<![.\w$"'`])(document|window|console|performance)\s*[.[(]|\b(Math\.random|Date\.now|new Date\(\))/;

function* filesIn(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else if (/\.(ts|tsx|mts)$/.test(entry.name)) yield path;
  }
}

/** Text without comments, so that words in them are not mistaken for code; lines stay where they are. */
const withoutComments = (text) =>
  text.replace(
    /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
    (all, string) => string ?? all.replace(/[^\n]/g, " "),
  );

/** Words in quotes are no code either. */
const withoutStrings = (text) =>
  text.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, (all) => " ".repeat(all.length));

const importForms = [
  /\b(?:import|export)\s+(type\s+)?(?:[\w$*{},\s]+?\s+from\s*)?"([^"]+)"/g,
  /\bimport\s*\(\s*()"([^"]+)"/g,
];

/** Every import of a file: from where, on which line, and whether it is loaded with the file. */
function importsOf(text) {
  return importForms.flatMap((form, i) =>
    [...text.matchAll(form)].map((match) => ({
      from: match[2],
      line: text.slice(0, match.index).split("\n").length,
      loaded: i === 0 && match[1] === undefined,
    })),
  );
}

/** `game/trace.ts` for an import as written in a file, or the package's own name. */
function targetOf(file, from) {
  if (!from.startsWith(".")) return { outside: from };
  return { inside: posix.join(posix.dirname(file), from).replace(/\.js$/, ".ts") };
}

const folderOf = (file) => (file.includes("/") ? file.split("/")[0] : file);

export function checkLayers(root) {
  const src = join(root, "src");
  const problems = [];
  const graph = new Map();
  for (const path of [...filesIn(src)].sort()) {
    const file = relative(src, path).split(sep).join("/");
    const whole = readFileSync(path, "utf8");
    const text = withoutComments(whole);
    const imports = importsOf(text).map((i) => ({ ...i, ...targetOf(file, i.from) }));
    graph.set(file, imports);
    problems.push(...checkFile({ file, text, imports, lines: whole.split("\n").length - 1 }));
  }
  return [...problems, ...checkBrowser(graph)];
}

function checkFile({ file, text, imports, lines }) {
  const problems = [];
  const say = (line, what) => problems.push(`src/${file}:${line}: ${what}`);
  const folder = folderOf(file);
  const inCore = core.includes(folder) && platformFiles[file] === undefined;
  if (allowed[folder] === undefined) {
    say(1, `${folder} has no place among the layers; give it one in tools/check-layers.mjs`);
    return problems;
  }
  for (const { inside, outside, line } of imports) {
    if (inside !== undefined) checkDirection({ file, folder, inside, line }, say);
    else if (inCore && outside.startsWith("node:")) {
      say(line, `imports ${outside}; the core runs in pages too`);
    }
  }
  if (inCore) {
    withoutStrings(text)
      .split("\n")
      .forEach((code, i) => {
        const used = platformNames.exec(code);
        if (used) say(i + 1, `uses ${used[1] ?? used[2]}; pass it in, the core has no platform`);
      });
  }
  if (lines > longest && longFiles[file] === undefined) {
    say(longest + 1, `has ${lines} lines, more than ${longest}; split it`);
  }
  return problems;
}

function checkDirection({ file, folder, inside, line }, say) {
  const to = folderOf(inside);
  if (inside.startsWith("..")) say(line, `imports ${inside} from outside of src`);
  else if (to !== folder && !allowed[folder].includes(to)) {
    const may = allowed[folder].join(", ") || "nothing";
    say(line, `${folder} imports ${to}; it may import ${may}`);
  } else if (isSystem(inside) && folder === "zoo" && file !== "zoo/index.ts") {
    say(line, `imports ${inside}; zoo files never import each other`);
  }
}

/** One system, not what its folder holds beside it: worlds, pictures. */
const isSystem = (file) => /^zoo\/[^/]+$/.test(file);

/** What a page loads with the library must not need Node anywhere. */
function checkBrowser(graph) {
  const problems = [];
  const seen = new Set();
  const waiting = graph.has("browser.ts") ? ["browser.ts"] : [];
  while (waiting.length > 0) {
    const file = waiting.pop();
    if (seen.has(file)) continue;
    seen.add(file);
    for (const { inside, outside, line, loaded } of graph.get(file) ?? []) {
      if (!loaded) continue;
      if (inside !== undefined) waiting.push(inside);
      else if (outside.startsWith("node:") || nodePackages.includes(outside)) {
        problems.push(`src/${file}:${line}: imports ${outside}, and browser.ts loads this file`);
      }
    }
  }
  return problems;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const root = resolve(process.argv[2] ?? join(dirname(process.argv[1]), ".."));
  const problems = checkLayers(root);
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
