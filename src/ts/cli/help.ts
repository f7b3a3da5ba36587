/** What `kilat --help` says. */
export const HELP = `kilat: Redis's data structures, in a browser tab or behind a port

kilat serve [options]            serve Redis's protocol over TCP
  --port <port>                  6379; 0: any free one
  --host <address>               127.0.0.1; nothing guards what others can reach: there are no passwords
  --dir <folder>                 keep the data there; without it the data is in memory only
  --key-file <file>              encrypt it there; the file holds 64 hexadecimal digits (openssl rand -hex 32) or a
                                 passphrase, and is needed at every start: a lost key is lost data
  --durability <level>           a write is answered when it is...
                                   memory    applied; a crash may lose what came last
                                   everysec  with the system (default); lost at worst, if the machine fails: a second
                                   always    on the disk
  --name <name>                  what INFO calls the database

kilat cli [options] [command]    a prompt; with a command, or with lines on standard input, no prompt
  -h <host> -p <port>            the server: 127.0.0.1, 6379
  --dir <folder>                 no server: open this folder here; --key-file <file>, where it is encrypted
  -n <number>                    the database
  -2 -3                          the protocol
  -e                             status 1 after an error
  --raw --no-raw                 replies bare, or for people: as redis-cli does, by whether a terminal reads them

kilat --version
kilat --help

The folder holds log/ (a file for each group of writes), snapshots/, and dump.rdb, which redis-server reads.
 - dump.rdb is written whenever a snapshot is taken: SAVE, BGSAVE, SHUTDOWN SAVE, and when the log has grown long.
   It appears whole or not at all. Without --dir, SAVE answers OK and writes nothing.
 - dump.rdb is read when the folder holds nothing else yet: put one there to bring data over from Redis.
   From then on the log counts, and dump.rdb is only written.
 - With --key-file no dump.rdb is written, for it would be in clear.
 - SIGINT, SIGTERM and SHUTDOWN NOSAVE lose nothing: the log has it all. One process may use a folder at a time.
`;
