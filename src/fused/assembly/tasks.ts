// The kernels by number, as src/fused/kernels.ts names them.

import { invarianceTask } from "./invariance";
import { dotProductsTask, gatedSumTask, productTask } from "./layer";
import { adamwTask, scaleTask, squaresTask } from "./optimiser";
import { rolloutBackTask, rolloutTask, transitionBackTask } from "./rollout";
import { packTask, pullTask, separationTask } from "./separation";

export function runTask(kernel: i32, task: i32): void {
  switch (kernel) {
    case 0:
      return productTask(task);
    case 1:
      return dotProductsTask(task);
    case 2:
      return gatedSumTask(task);
    case 3:
      return rolloutTask(task);
    case 4:
      return rolloutBackTask(task);
    case 5:
      return transitionBackTask(task);
    case 6:
      return packTask(task);
    case 7:
      return separationTask(task);
    case 8:
      return pullTask(task);
    case 9:
      return squaresTask(task);
    case 10:
      return scaleTask(task);
    case 11:
      return adamwTask(task);
    case 12:
      return invarianceTask(task);
  }
}
