export { type EdgesOptions, edgesOf } from "../shape/edges.js";
