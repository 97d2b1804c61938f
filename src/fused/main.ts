import { compileKernels, KERNELS_FILE } from "./compile.ts";

// `npm run kernels`: compiles the fused kernels after a change of their source.
compileKernels(KERNELS_FILE);
