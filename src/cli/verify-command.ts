import { Command } from 'commander';
import { verifyCommand as verify } from '../../verify/command.js';

/** `standpoint verify` is the package in verify/, which reads its own arguments. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('Checks an export, a dossier that is served, or a receipt (see verify/README.md).')
    .argument('[arguments...]')
    .allowUnknownOption()
    .helpOption(false)
    .action(async (given: string[]) => {
      process.exitCode = await verify(given);
    });
}
