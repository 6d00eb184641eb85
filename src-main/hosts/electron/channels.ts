/** The messages between the page's preload script and the main process. Everything else is a call on the port. */
export const channels = {
  /** Page to host, no payload: asks for a port that speaks the contract. */
  connect: 'perch:connect',
  /** Host to page, no payload, one port; the preload script passes it on to the page as a window message. */
  port: 'perch:port',
  /** Page to host, no payload: the page listens for commands from now on. */
  ready: 'perch:ready',
  /** Host to page: a `Command`. */
  command: 'perch:command',
  /** Host to page: a request number and an `UnsavedAction`; answered on `unsaved`. */
  settle: 'perch:settle',
  /** Page to host: the request number and the `UnsavedChange[]` that remain. */
  unsaved: 'perch:unsaved',
} as const;
