/** Of this package; a page cannot read package.json, and a test holds both together. */
export const version = "0.1.0";
