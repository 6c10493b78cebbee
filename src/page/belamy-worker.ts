// The worker that train and generate start in a page. Its name is its own, since files are copied.
import { serve } from "./serve.js";

// ONNX Runtime starts this file anew for threads of its own, which are not for us.
if (!self.name.startsWith("em-pthread")) {
  self.onmessage = ({ data }: MessageEvent<MessagePort>) => serve(data);
}
