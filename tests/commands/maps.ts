/**
 * Mappings of a process, as /proc/PID/maps prints them.
 *
 * @module
 */

/** A process with somebody's page 0x60000 bytes above the start of its break. */
export const MAPS = `555555555000-555555576000 rw-p 00000000 00:00 0 [heap]
5555555b5000-5555555b6000 rw-p 00000000 00:00 0
7ffff7dcc000-7ffff8000000 r-xp 00000000 fe:00 917 /lib/libc.so.6
`;
