// Runs in the page's world before the page, after bridge.js.
if (window === top) {
  const { unpack } = createBridge('page');
  document.addEventListener('stand-in:page:expose', (event) => {
    event.stopImmediatePropagation();
    const { key, packed } = event.detail;
    if (key in window)
      throw new Error(`Cannot bind an API on top of an existing property on the window object`);
    Object.defineProperty(window, key, { value: Object.freeze(unpack(packed)), enumerable: true });
  });
  // The application denies windows; Chromium handles links with a target itself.
  window.open = (url = '', windowName = '') => {
    const detail = { url: new URL(url, location.href).href, windowName };
    document.dispatchEvent(new CustomEvent('stand-in:preload:open', { detail }));
    return null;
  };
  // Pages opened by DevTools cannot close themselves, unlike pages in Electron.
  window.close = () => document.dispatchEvent(new CustomEvent('stand-in:preload:close'));
}
