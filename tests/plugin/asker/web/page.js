export function mount(element) { element.textContent = "?"; return () => {}; }
