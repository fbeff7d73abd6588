/** A shell script, bundled as its text. */
declare module '*.sh' {
  const text: string;
  export default text;
}
