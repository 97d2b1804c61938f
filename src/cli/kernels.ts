import { compileKernels, KERNELS_FILE } from "../fused/compile.ts";
import { command, main } from "./command.ts";

await main(
  command("kernels", "Compiles the fused kernels. This is necessary after a change of src/fused/assembly.").action(
    () => {
      compileKernels(KERNELS_FILE);
    },
  ),
);
