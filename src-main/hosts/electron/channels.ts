/** The IPC channels between preload script and main process. All other messages are calls on the port. */
export const channels = {
  /** Page to host, no payload: requests a port for calls. */
  connect: 'perch:connect',
  /** Host to page, no payload, one port: the preload script forwards it to the page as a window message. */
  port: 'perch:port',
  /** Page to host, no payload: the page listens for commands. */
  ready: 'perch:ready',
  /** Host to page: a `Command`. */
  command: 'perch:command',
  /** Host to page: a request number and an `UnsavedAction`; the response is on `unsaved`. */
  settle: 'perch:settle',
  /** Page to host: the request number and the `UnsavedChange[]` that remain. */
  unsaved: 'perch:unsaved',
} as const;
