"""Contrast of text against what lies behind it, as the browser has computed both."""

from __future__ import annotations

from playwright.sync_api import Locator

_MEASURE = r"""
(root) => {
  const rgba = (colour) => (colour.match(/[\d.]+/g) || []).map(Number);
  const luminance = (c) => [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
    const v = c[i] / 255;
    return sum + weight * (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  }, 0);
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const c = rgba(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  let least = [Infinity, "no text"];
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const words = texts.currentNode.textContent.trim();
    const parent = texts.currentNode.parentElement;
    if (!words || parent.tagName === "STYLE") continue;
    const [a, b] = [rgba(getComputedStyle(parent).color), behind(parent)].map(luminance);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < least[0]) least = [ratio, words];
  }
  return least;
}
"""


def least_contrast(element: Locator) -> tuple[float, str]:
    """Return the lowest contrast ratio of any text in an element, and that text.

    Source:
        WCAG 2.2, definitions of "contrast ratio" and "relative luminance".
    """
    ratio, words = element.evaluate(_MEASURE)
    return float(ratio), str(words)
