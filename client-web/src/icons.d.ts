declare module 'icon:*' {
  const Icon: import('./ui/drawing').IconType;
  export default Icon;
}
