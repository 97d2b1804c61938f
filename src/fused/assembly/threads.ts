// How the threads share a job. A job is one kernel and a count of tasks; each thread takes the next task until none is left.
// What a task computes depends on its number alone, never on the thread that takes it, so that every run gives the same bits.

import { runTask } from "./tasks";

/** Places in the shared memory, in bytes. */
const NEXT: usize = 0; // the task to be taken next
const COUNT: usize = 4; // how many tasks there are
const RUNNING: usize = 8; // threads at work besides the one that calls
const JOB: usize = 12; // grows by one with every job; idle threads wait for it
const KERNEL: usize = 16;
const ARGUMENTS: usize = 64;
const SCRATCH: usize = 4096;

/** Bytes of memory of its own that each thread has. */
export const SCRATCH_SIZE: usize = 1 << 22;

/** No task has a number as high: between two jobs NEXT stands here, so that a thread which wakes late takes nothing. */
const CLOSED: i32 = 1 << 30;

let thread: usize = 0;

/** The memory of this thread alone. */
export function scratch(): usize {
  return SCRATCH + thread * SCRATCH_SIZE;
}

/** Where the memory that the threads do not use begins, for so many of them. */
export function firstFree(threads: usize): usize {
  return SCRATCH + threads * SCRATCH_SIZE;
}

/** The arguments of the job: addresses and sizes as whole numbers, and settings as float32. */
export function address(index: usize): usize {
  return load<u32>(ARGUMENTS + 4 * index);
}
export function size(index: usize): i32 {
  return load<i32>(ARGUMENTS + 4 * index);
}
export function real(index: usize): f32 {
  return load<f32>(ARGUMENTS + 4 * index);
}

/** How many bytes so many numbers take. */
export function bytes(count: i32): usize {
  return (<usize>count) << 2;
}

function takeTasks(): void {
  for (;;) {
    const task = atomic.add<i32>(NEXT, 1);
    if (task >= atomic.load<i32>(COUNT)) return;
    runTask(atomic.load<i32>(KERNEL), task);
  }
}

/** Makes the memory ready for the first job. */
export function prepare(): void {
  atomic.store<i32>(NEXT, CLOSED);
}

/** Runs the tasks 0..count-1 of a kernel, whose arguments are in place, on all threads or alone. Returns when all are done. */
export function run(kernel: i32, count: i32, alone: bool): void {
  atomic.store<i32>(KERNEL, kernel);
  atomic.store<i32>(COUNT, count);
  atomic.store<i32>(NEXT, 0);
  if (!alone && count > 1) {
    atomic.add<i32>(JOB, 1);
    atomic.notify(JOB, count - 1);
  }
  takeTasks();
  atomic.store<i32>(NEXT, CLOSED);
  for (;;) {
    const running = atomic.load<i32>(RUNNING);
    if (running === 0) return;
    atomic.wait<i32>(RUNNING, running, -1);
  }
}

/** What every thread but the first does for ever: waits for a job and helps with it. */
export function serve(index: i32): void {
  thread = index;
  let job = 0;
  for (;;) {
    atomic.wait<i32>(JOB, job, -1);
    job = atomic.load<i32>(JOB);
    atomic.add<i32>(RUNNING, 1);
    takeTasks();
    atomic.sub<i32>(RUNNING, 1);
    atomic.notify(RUNNING, 1);
  }
}
