declare module "oled-font-5x7" {
  interface Font {
    width: number;
    height: number;
    /**
     * The characters in the order of `lookup`, with `width` bytes each. A byte is a column, with the top pixel in the
     * lowest bit.
     */
    fontData: number[];
    lookup: string[];
  }
  const font: Font;
  export default font;
}
