#!/usr/bin/env node
// What `npx` runs of the packed project: its first argument names one of the other commands here.
const COMMANDS = ["conform", "judge", "claims"];
const [name] = process.argv.splice(2, 1);

if (COMMANDS.includes(name)) {
  await import(`./${name}.js`);
} else {
  const isHelp = name === "--help" || name === "-h";
  const usage = `expected a command: ${COMMANDS.join(", ")}. Each lists its options with --help.`;
  if (isHelp) process.stdout.write(`${usage}\n`);
  else process.stderr.write(`error: ${name === undefined ? "there is no command" : `no command ${name}`}; ${usage}\n`);
  process.exitCode = isHelp ? 0 : 2;
}
