import { Option } from 'commander';

export function queueOption(): Option {
  return new Option(
    '--queue <url>',
    'PostgreSQL database of the queue, postgres://USER@HOST/DATABASE (default: $PERCH_QUEUE)',
  );
}

export function addressOption(): Option {
  return new Option(
    '--address <host>',
    'address at which workers reach this machine, HOST or HOST:PORT (default: as the database sees it)',
  );
}
