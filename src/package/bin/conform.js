#!/usr/bin/env node
// The command `conform` of the packed project. tsx lets Node read its TypeScript.
import { register } from "tsx/esm/api";

register({ tsconfig: false });
await import("../../cli/conform.ts");
