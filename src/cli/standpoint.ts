#!/usr/bin/env node
import { Command } from 'commander';
import { VERSION } from '../version.js';
import { backupCommand } from './backup-command.js';
import { explain } from './explain.js';
import { continueLogCommand, rotateKeyCommand } from './ledger-commands.js';
import { loginCommand } from './login-command.js';
import { restoreCommand, verifyBackupCommand } from './restore-command.js';
import { verifyCommand } from './verify-command.js';

/** What an operator does by hand. */
const program = new Command('standpoint')
  .description(
    'Backs up and restores an installation of Standpoint that has its own PostgreSQL, lets its administrator in, and checks records.',
  )
  .version(VERSION)
  .addCommand(backupCommand())
  .addCommand(restoreCommand())
  .addCommand(verifyBackupCommand())
  .addCommand(loginCommand())
  .addCommand(rotateKeyCommand())
  .addCommand(continueLogCommand())
  .addCommand(verifyCommand());

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`standpoint: ${explain(error)}\n`);
  process.exitCode = 1;
}
