package dev.converge.e2e;

/** How well the text of a page can be read. */
final class Contrast {
  private static final String LOWEST =
      """
      const channels = color => color.match(/[\\d.]+/g).map(Number);
      const opaque = color => { const c = channels(color); return c.length < 4 || c[3] === 1; };
      const luminance = color => channels(color).slice(0, 3)
          .map(c => c / 255)
          .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
          .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
      const behind = e => {
        const color = getComputedStyle(e).backgroundColor;
        return opaque(color) || !e.parentElement ? color : behind(e.parentElement);
      };
      const ratio = e => {
        const [a, b] = [luminance(getComputedStyle(e).color), luminance(behind(e))];
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      };
      const hasText = e => Array.from(e.childNodes).some(n => n.nodeType === 3 && n.data.trim());
      return Math.min(...Array.from(document.body.querySelectorAll('*')).filter(hasText).map(ratio));
      """;

  private Contrast() {}

  /** The lowest ratio of a text's luminance to its background's, as WCAG 2 reckons it: 1 to 21. */
  static double lowest(Browser browser) {
    return ((Number) browser.evaluate(LOWEST)).doubleValue();
  }
}
