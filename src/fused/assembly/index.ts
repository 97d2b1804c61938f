export { firstFree, prepare, run, serve } from "./threads";
