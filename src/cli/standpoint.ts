#!/usr/bin/env node
import { Command } from 'commander';
import { VERSION } from '../version.js';
import { backupCommand } from './backup-command.js';
import { explain } from './explain.js';
import { continueLogCommand, rotateKeyCommand } from './ledger-commands.js';
import { loginCommand } from './login-command.js';
import { exportCommand } from './moving/export-command.js';
import { importCommand } from './moving/import-command.js';
import { barKeysCommand, restoreCommand, verifyBackupCommand } from './restore-command.js';
import { verifyCommand } from './verify-command.js';

/** What an operator does by hand. */
const program = new Command('standpoint')
  .description(
    'What an operator of Standpoint does by hand: backups, keys, moving dossiers, checking records.',
  )
  .version(VERSION)
  .addCommand(backupCommand())
  .addCommand(restoreCommand())
  .addCommand(verifyBackupCommand())
  .addCommand(barKeysCommand())
  .addCommand(loginCommand())
  .addCommand(rotateKeyCommand())
  .addCommand(continueLogCommand())
  .addCommand(exportCommand())
  .addCommand(importCommand())
  .addCommand(verifyCommand());

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`standpoint: ${explain(error)}\n`);
  process.exitCode = 1;
}
