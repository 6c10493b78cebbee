#!/usr/bin/env node
import { cli } from "./program.js";
import { processTerminal } from "./terminal/terminal.js";

process.exitCode = await cli(process.argv.slice(2), processTerminal());
