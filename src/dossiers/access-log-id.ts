/**
 * The id under which the log of access is kept. It is a log like every dossier's and no dossier: whoever lists or finds dossiers leaves it
 * out. Stored, also in a migration. Before every id that is ever made: ids are UUIDv7, and this one says 1970.
 */
export const ACCESS_LOG = '00000000-0000-7000-8000-000000000000';
