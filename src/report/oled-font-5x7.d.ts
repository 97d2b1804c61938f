declare module "oled-font-5x7" {
  interface Font {
    width: number;
    height: number;
    /** `width` bytes a character, in the order of `lookup`: a column each, the top pixel in the lowest bit. */
    fontData: number[];
    lookup: string[];
  }
  const font: Font;
  export default font;
}
