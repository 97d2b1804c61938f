#!/usr/bin/env node
// The command `claims` of the packed project. tsx lets Node read its TypeScript.
import { register } from "tsx/esm/api";

register({ tsconfig: false });
await import("../../cli/claims.ts");
