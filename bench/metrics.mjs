// Metrics at the sizes that papers use: `node bench/metrics.mjs` (after `npm run build`) times Fréchet distances and
// plays prdc's own example; `node bench/metrics.mjs FOLDER` takes the example's rows from real.f32 and fake.f32 there,
// as bench/gaussians.py writes them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { frechetDistance, moments, prdc, Random } from "../dist/index.js";

const seconds = async (action) => {
  const startMs = performance.now();
  const value = await action();
  return { value, took: `${((performance.now() - startMs) / 1000).toFixed(1)} s` };
};

const normals = (count, purpose) => {
  const random = new Random({ seed: 0, purpose });
  return Float32Array.from({ length: count }, () => random.normal());
};

const folder = process.argv[2];
const load = (name) =>
  folder === undefined
    ? normals(10_000 * 1000, name)
    : new Float32Array(new Uint8Array(readFileSync(join(folder, `${name}.f32`))).buffer);
const [real, fake] = [load("real"), load("fake")];
const { value, took } = await seconds(() => prdc(real, fake, { size: 1000, k: 5 }));
console.log(`prdc, 10,000 × 1,000, k = 5: ${JSON.stringify(value)} in ${took}`);
if (folder !== undefined) process.exit();

for (const d of [512, 1024, 2048]) {
  const [a, b] = [
    await moments(normals(3 * d * d, "a"), d),
    await moments(normals(3 * d * d, "b"), d),
  ];
  const ours = await seconds(() => frechetDistance(a, b));
  const theirs = d > 1024 ? undefined : await seconds(() => textbook(a, b, d));
  const beside =
    theirs &&
    `; ml-matrix ${theirs.took}, apart by ${Math.abs(theirs.value / ours.value - 1).toExponential(0)}`;
  console.log(`Fréchet distance, ${d} features: ${ours.took}${beside ?? ""}`);
}

function textbook(a, b, d) {
  const [c1, c2] = [a, b].map(({ covariance }) => Matrix.from1DArray(d, d, covariance));
  const { eigenvectorMatrix, realEigenvalues } = eigen(c1);
  const scaled = eigenvectorMatrix.clone();
  realEigenvalues.forEach((v, j) => {
    scaled.mulColumn(j, Math.sqrt(Math.max(0, v)));
  });
  const root = scaled.mmul(eigenvectorMatrix.transpose());
  const middle = root.mmul(c2).mmul(root);
  const values = eigen(Matrix.add(middle, middle.transpose()).mul(0.5)).realEigenvalues;
  const means = a.mean.reduce((sum, v, i) => sum + (v - b.mean[i]) ** 2, 0);
  return (
    means + c1.trace() + c2.trace() - 2 * values.reduce((s, v) => s + Math.sqrt(Math.max(0, v)), 0)
  );
}

function eigen(matrix) {
  return new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
}
