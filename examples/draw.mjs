// Pictures for a terminal, shared by the lessons.

/**
 * Points `[n 2]`, one after another, as a plot: the more points in a place, the darker.
 * @param {ArrayLike<number>} points
 * @param {{ width?: number, height?: number, reach?: number }} [options] `reach`: how far axes go
 */
export function scatter(points, { width = 48, height = 20, reach = 1.5 } = {}) {
  const counts = Array.from({ length: height }, () => new Array(width).fill(0));
  for (let i = 0; i < points.length; i += 2) {
    const column = Math.floor(((points[i] + reach) / (2 * reach)) * width);
    const row = Math.floor(((reach - points[i + 1]) / (2 * reach)) * height);
    if (column >= 0 && column < width && row >= 0 && row < height) counts[row][column]++;
  }
  return counts
    .map((row) =>
      row
        .map((n) => " ·•●"[Math.min(n, 3)])
        .join("")
        .trimEnd(),
    )
    .join("\n");
}

/**
 * A few pictures `[c h w]`, one after another, beside each other in shades of grey; the lightest
 * place of all is blank, the darkest full.
 * @param {Float32Array} items
 * @param {readonly number[]} shape
 * @param {number} count
 */
export function shades(items, [channels, height, width], count) {
  const size = height * width;
  const greys = Array.from({ length: count * size }, (_, i) => {
    const first = Math.floor(i / size) * channels * size + (i % size);
    return Array.from({ length: channels }, (_, c) => items[first + c * size]).reduce(
      (a, b) => a + b,
    );
  });
  const [dark, light] = [Math.min(...greys), Math.max(...greys)];
  const shade = (/** @type {number} */ grey) =>
    " .:-=+*#%@"[Math.floor((9.99 * (light - grey)) / (light - dark || 1))];
  // Letters are about twice as high as they are wide: every other row is shown.
  return Array.from({ length: height / 2 }, (_, row) =>
    Array.from({ length: count }, (_, n) => {
      const start = n * size + 2 * row * width;
      return greys
        .slice(start, start + width)
        .map(shade)
        .join("");
    }).join("  "),
  ).join("\n");
}
