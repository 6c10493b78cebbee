export { env, InferenceSession, Tensor } from "onnxruntime-web/webgpu";
export const platform = "web";
/** What can be asked for here; whether it works is known when a session opens. */
export const offered = ["webgpu", "wasm"] as const;
