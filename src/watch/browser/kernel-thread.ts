// A worker that helps with the fused kernels until the page is closed.
import type { Helper } from "../../fused/threads.ts";

self.onmessage = ({ data: { module, memory, index } }: MessageEvent<Helper>) => {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  (exports as unknown as { serve: (index: number) => void }).serve(index);
};
