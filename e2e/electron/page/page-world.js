// Runs in the world of the page before anything of the page does, behind bridge.js.
if (window === top) {
  const { unpack } = createBridge('page');
  document.addEventListener('stand-in:page:expose', (event) => {
    event.stopImmediatePropagation();
    const { key, packed } = event.detail;
    if (key in window)
      throw new Error(`Cannot bind an API on top of an existing property on the window object`);
    Object.defineProperty(window, key, { value: Object.freeze(unpack(packed)), enumerable: true });
  });
  // The application is asked, which denies it; a link with a target goes Chromium's own way.
  window.open = (url = '', windowName = '') => {
    const detail = { url: new URL(url, location.href).href, windowName };
    document.dispatchEvent(new CustomEvent('stand-in:preload:open', { detail }));
    return null;
  };
  // A page of Electron may close its window; one that DevTools opened may not.
  window.close = () => document.dispatchEvent(new CustomEvent('stand-in:preload:close'));
}
