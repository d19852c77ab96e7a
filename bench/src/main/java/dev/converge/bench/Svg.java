package dev.converge.bench;

import java.util.Locale;

/** A drawing, as text. Units are pixels; colours are told by number. */
final class Svg {
  private static final String[] COLOURS = {"#1b6ac9", "#d1495b", "#3a9d5d", "#8a5ab8", "#c98a1b"};

  private final StringBuilder body = new StringBuilder();
  private final int width;
  private final int height;

  Svg(int width, int height) {
    this.width = width;
    this.height = height;
  }

  static String colour(int number) {
    return COLOURS[number % COLOURS.length];
  }

  Svg text(double x, double y, String anchor, String text) {
    return add("<text x='%.1f' y='%.1f' text-anchor='%s'>%s</text>", x, y, anchor, escape(text));
  }

  Svg line(double x1, double y1, double x2, double y2, String colour) {
    return add(
        "<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' stroke='%s'/>", x1, y1, x2, y2, colour);
  }

  Svg bar(double x, double y, double wide, double high, String colour) {
    return add(
        "<rect x='%.1f' y='%.1f' width='%.1f' height='%.1f' fill='%s'/>", x, y, wide, high, colour);
  }

  Svg dot(double x, double y, String colour) {
    return add("<circle cx='%.1f' cy='%.1f' r='3' fill='%s'/>", x, y, colour);
  }

  private Svg add(String format, Object... values) {
    body.append(String.format(Locale.ROOT, format, values)).append('\n');
    return this;
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** The whole file; readable on dark pages too, for it brings its own ground. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "<svg xmlns='http://www.w3.org/2000/svg' width='%1$d' height='%2$d'"
            + " viewBox='0 0 %1$d %2$d' font-family='sans-serif' font-size='12'>%n"
            + "<rect width='100%%' height='100%%' fill='#fff'/>%n%3$s</svg>%n",
        width,
        height,
        body);
  }
}
