import type { Cluster } from './cluster.js';

/** The first three are defaults of PostgreSQL too; that nothing acknowledged is lost rests on them. */
const defaults: Readonly<Record<string, string>> = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  wal_compression: 'on',
  max_connections: '100',
  shared_buffers: '128MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_destination: 'stderr',
  logging_collector: 'off',
  log_line_prefix: '%m [%p] ',
  password_encryption: 'scram-sha-256',
};

/** The server's command line: settings there win over postgresql.conf, so each start has those of its version. */
export function settingArguments(cluster: Cluster, port: number): string[] {
  const settings = {
    ...defaults,
    ...cluster.settings,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    port: String(port),
    cluster_name: cluster.mark,
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
