// The kernels by number, as src/fused/kernels.ts names them.

import { cellsTask, nearTask } from "./near";
import { isometryBackTask, ratiosTask } from "./isometry";
import { dotProductsTask, gatedSumTask, productTask } from "./layer";
import { adamwTask, combineTask, finiteTask, squaresTask } from "./optimiser";
import {
  initialBackTask,
  initialTask,
  rolloutBackTask,
  rolloutTask,
  stepTask,
  transitionBackTask,
  usesTask,
} from "./rollout";
import { packTask, pullTask, separationTask } from "./separation";
import { addRowsTask, fillRowsTask, meanTask } from "./states";

export function runTask(kernel: i32, task: i32): void {
  switch (kernel) {
    case 0:
      return productTask(task);
    case 1:
      return dotProductsTask(task);
    case 2:
      return gatedSumTask(task);
    case 3:
      return initialTask(task);
    case 4:
      return initialBackTask(task);
    case 5:
      return rolloutTask(task);
    case 6:
      return rolloutBackTask(task);
    case 7:
      return stepTask(task);
    case 8:
      return usesTask(task);
    case 9:
      return transitionBackTask(task);
    case 10:
      return meanTask(task);
    case 11:
      return fillRowsTask(task);
    case 12:
      return addRowsTask(task);
    case 13:
      return packTask(task);
    case 14:
      return separationTask(task);
    case 15:
      return pullTask(task);
    case 16:
      return cellsTask(task);
    case 17:
      return nearTask(task);
    case 18:
      return ratiosTask(task);
    case 19:
      return isometryBackTask(task);
    case 20:
      return squaresTask(task);
    case 21:
      return combineTask(task);
    case 22:
      return finiteTask(task);
    case 23:
      return adamwTask(task);
  }
}
