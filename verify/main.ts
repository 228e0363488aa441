#!/usr/bin/env node
import { verifyCommand } from './command.js';

process.exitCode = await verifyCommand(process.argv.slice(2));
