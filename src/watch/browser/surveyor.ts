// The worker that looks at a network while another trains it.
import { lookAt } from "../look.ts";
import type { FromSurveyor, ToSurveyor } from "../messages.ts";
import { openEngine } from "./engine.ts";

function tell(message: FromSurveyor): void {
  postMessage(message);
}

async function answer(message: ToSurveyor): Promise<void> {
  if (message.kind === "open") {
    await openEngine(message.engine);
    tell({ kind: "opened" });
  } else tell({ kind: "looked", look: lookAt(message.network) });
}

self.onmessage = ({ data }: MessageEvent<ToSurveyor>) => {
  answer(data).catch((error: unknown) => {
    tell({ kind: "failed", sentence: (error as Error).message.split("\n")[0]! });
  });
};
