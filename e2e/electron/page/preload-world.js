// Runs in the isolated world before the page, after bridge.js. PRELOAD is replaced with the preload script.
if (window === top) {
  const { pack } = createBridge('preload');
  const toMain = (message) => globalThis.standInSend(JSON.stringify(message));

  // --- functions that the main process calls with Runtime.evaluate

  const listeners = new Map();
  const ports = new Map();
  const invocations = new Map();
  globalThis.standIn = {
    /** Receives a message from webContents.send or frame.postMessage with the ids of its ports. */
    deliver(channel, args, portIds) {
      const received = portIds.map((id) => {
        const { port1, port2 } = new MessageChannel();
        ports.set(id, port1);
        port1.addEventListener('message', ({ data, ports: nested }) => {
          if (nested.length > 0) throw new Error('The stand-in cannot transfer ports through ports.');
          toMain({ type: 'port', id, data: jsonOf(data) });
        });
        port1.addEventListener('close', () => toMain({ type: 'port-closed', id }));
        port1.start();
        return port2;
      });
      for (const listener of [...(listeners.get(channel) ?? [])])
        listener({ sender: ipcRenderer, ports: received }, ...args);
    },
    toPort: (id, data) => ports.get(id)?.postMessage(data),
    closePort: (id) => ports.get(id)?.close(),
    settle(id, value, error) {
      const { resolve, reject } = invocations.get(id);
      invocations.delete(id);
      if (error === null) resolve(value);
      else reject(new Error(error));
    },
  };

  /** Serializes a message as JSON. @throws if JSON would change it */
  function jsonOf(value) {
    const plain = (each) =>
      each === null ||
      ['string', 'boolean', 'undefined'].includes(typeof each) ||
      (typeof each === 'number' && Number.isFinite(each)) ||
      (Array.isArray(each) && each.every(plain)) ||
      (typeof each === 'object' &&
        Object.getPrototypeOf(each) === Object.prototype &&
        Object.values(each).every(plain));
    if (!plain(value)) throw new Error('The stand-in passes only JSON between processes.');
    return value ?? null;
  }

  // --- modules of a sandboxed preload script

  let invocation = 0;
  const ipcRenderer = {
    send: (channel, ...args) => toMain({ type: 'send', channel, args: args.map(jsonOf) }),
    invoke: (channel, ...args) =>
      new Promise((resolve, reject) => {
        invocations.set(++invocation, { resolve, reject });
        toMain({ type: 'invoke', id: invocation, channel, args: args.map(jsonOf) });
      }),
    on(channel, listener) {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
      return ipcRenderer;
    },
    once(channel, listener) {
      const first = (...args) => {
        ipcRenderer.off(channel, first);
        listener(...args);
      };
      return ipcRenderer.on(channel, first);
    },
    off(channel, listener) {
      listeners.set(
        channel,
        (listeners.get(channel) ?? []).filter((each) => each !== listener),
      );
      return ipcRenderer;
    },
    removeListener: (channel, listener) => ipcRenderer.off(channel, listener),
    removeAllListeners(channel) {
      listeners.delete(channel);
      return ipcRenderer;
    },
  };
  const contextBridge = {
    exposeInMainWorld: (key, api) =>
      document.dispatchEvent(new CustomEvent('stand-in:page:expose', { detail: { key, packed: pack(api) } })),
  };
  const webUtils = {
    /** Synchronous: the debugger pauses here while the main process asks DevTools for the path. */
    getPathForFile(file) {
      if (!(file instanceof File)) throw new TypeError('getPathForFile takes a File.');
      const standInAsks = { file, path: undefined };
      // eslint-disable-next-line no-debugger -- a synchronous call to the main process
      debugger;
      if (standInAsks.path === undefined)
        throw new Error('The stand-in could not ask for the path of a file.');
      return standInAsks.path;
    },
  };
  const webFrame = {};
  const strict = (name, members) =>
    new Proxy(members, {
      get(target, key) {
        if (key in target || typeof key === 'symbol') return target[key];
        throw new Error(`The stand-in for Electron does not model ${name}.${key} in a preload script.`);
      },
    });
  const electron = strict('electron', {
    ipcRenderer: strict('ipcRenderer', ipcRenderer),
    contextBridge: strict('contextBridge', contextBridge),
    webUtils: strict('webUtils', webUtils),
    webFrame: strict('webFrame', webFrame),
  });
  const process = strict('process', {
    sandboxed: true,
    contextIsolated: true,
    type: 'renderer',
    platform: 'PLATFORM',
    env: {},
    argv: [],
    versions: VERSIONS,
  });
  const require = (name) => {
    if (name === 'electron' || name === 'electron/renderer') return electron;
    throw new Error(`module not found: ${name}`);
  };

  // --- events for the main process

  document.addEventListener('stand-in:preload:open', ({ detail }) =>
    toMain({ type: 'open', params: detail }),
  );
  document.addEventListener('stand-in:preload:close', () => toMain({ type: 'close' }));
  /** Reports an event that no listener of the page prevented, after all of them have run. */
  const unlessForbidden = (name, describe) =>
    window.addEventListener(
      name,
      (event) => {
        if (!event.isTrusted) return;
        const message = describe(event);
        setTimeout(() => event.defaultPrevented || toMain(message));
      },
      { capture: true },
    );
  unlessForbidden('keydown', ({ key, code, ctrlKey, shiftKey, altKey, metaKey, repeat }) => ({
    type: 'key',
    input: { key, code, control: ctrlKey, shift: shiftKey, alt: altKey, meta: metaKey, isAutoRepeat: repeat },
  }));
  unlessForbidden('contextmenu', (event) => ({ type: 'context-menu', params: contextOf(event) }));

  function contextOf({ target, clientX, clientY }) {
    const editable =
      target.closest?.('input, textarea, [contenteditable=""], [contenteditable="true"]') ?? null;
    const isEditable = editable !== null && !editable.readOnly && !editable.disabled;
    const selectionText =
      editable?.selectionStart === undefined
        ? String(getSelection())
        : editable.value.slice(editable.selectionStart, editable.selectionEnd);
    const image = target.closest?.('img');
    return {
      x: Math.round(clientX),
      y: Math.round(clientY),
      isEditable,
      selectionText,
      linkURL: target.closest?.('a[href]')?.href ?? '',
      linkText: target.closest?.('a[href]')?.textContent ?? '',
      srcURL: image?.src ?? '',
      mediaType: image ? 'image' : target instanceof HTMLCanvasElement ? 'canvas' : 'none',
      hasImageContents: image !== null && image !== undefined,
      pageURL: location.href,
      frameURL: location.href,
      titleText: target.closest?.('[title]')?.title ?? '',
      misspelledWord: '',
      dictionarySuggestions: [],
      formControlType: editable?.type ?? 'none',
      menuSourceType: 'mouse',
      editFlags: {
        canUndo: isEditable,
        canRedo: isEditable,
        canCut: isEditable && selectionText !== '',
        canCopy: selectionText !== '',
        canPaste: isEditable,
        canDelete: isEditable && selectionText !== '',
        canSelectAll: true,
        canEditRichly: false,
      },
    };
  }

  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- a variable of CommonJS modules
  (function (require, exports, module, process, Buffer, setImmediate) {
    PRELOAD;
  }).call(globalThis, require, {}, { exports: {} }, process, undefined, undefined);
}
