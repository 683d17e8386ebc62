"""The colours and lines of a card, for light and dark pages."""

# The class is written three times where a page's own rules for `pre`, `code` or `tr` would win:
# JupyterLab's name two classes and two elements.
_STRONG = ".nbjudge-card" * 3 + " "

# `light-dark()` follows the page that the card is shown on; JupyterLab and VS Code say
# theirs in their own ways. A browser without it drops the second declaration and keeps
# the light colours, which are complete.
STYLE = """
.nbjudge-card{--nbj:#57606a;max-width:46em;margin:.5em 0;padding:.75em 1em;
border:1px solid #d0d7de;border-left:4px solid var(--nbj);border-radius:6px;
background:#fff;background:light-dark(#fff,#161b22);
border-color:light-dark(#d0d7de,#30363d);border-left-color:var(--nbj);
color:#1f2328;color:light-dark(#1f2328,#e6edf3);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;text-align:left}
[data-jp-theme-light="true"] .nbjudge-card,.vscode-light .nbjudge-card{color-scheme:light}
[data-jp-theme-light="false"] .nbjudge-card,.vscode-dark .nbjudge-card{color-scheme:dark}
.nbjudge-card.nbjudge-right,.nbjudge-card .nbjudge-right{--nbj:#116329}
.nbjudge-card.nbjudge-partly,.nbjudge-card .nbjudge-partly{--nbj:#8a4600}
.nbjudge-card.nbjudge-notyet,.nbjudge-card .nbjudge-notyet{--nbj:#57606a}
.nbjudge-card.nbjudge-open,.nbjudge-card .nbjudge-open{--nbj:#0550ae}
@supports (color:light-dark(#000,#fff)){
.nbjudge-card.nbjudge-right,.nbjudge-card .nbjudge-right{--nbj:light-dark(#116329,#56d364)}
.nbjudge-card.nbjudge-partly,.nbjudge-card .nbjudge-partly{--nbj:light-dark(#8a4600,#e3b341)}
.nbjudge-card.nbjudge-notyet,.nbjudge-card .nbjudge-notyet{--nbj:light-dark(#57606a,#9da7b3)}
.nbjudge-card.nbjudge-open,.nbjudge-card .nbjudge-open{--nbj:light-dark(#0550ae,#79c0ff)}}
.nbjudge-card .nbjudge-head{display:flex;flex-wrap:wrap;gap:.25em .6em;align-items:baseline}
.nbjudge-card code{font:.93em ui-monospace,SFMono-Regular,Menlo,monospace;padding:0;
border:0;background:none;color:inherit}
.nbjudge-card .nbjudge-head code{font-size:1em;font-weight:600}
.nbjudge-card .nbjudge-symbol{color:var(--nbj);font-weight:700;min-width:1.1em}
.nbjudge-card .nbjudge-state{color:var(--nbj)}
.nbjudge-card .nbjudge-points{margin-left:auto;font-variant-numeric:tabular-nums}
.nbjudge-card .nbjudge-part{margin-top:.75em}
.nbjudge-card .nbjudge-title{font-weight:600;white-space:pre-line}
.nbjudge-card .nbjudge-text{margin-top:.15em;white-space:pre-line}
.nbjudge-card ul.nbjudge-list{list-style:none;margin:.15em 0 0;padding:0}
.nbjudge-card ul.nbjudge-list li{display:flex;gap:.35em;margin:0}
.nbjudge-card pre{margin:.35em 0 0;padding:.5em .7em;overflow-x:auto;white-space:pre-wrap;
word-break:normal;overflow-wrap:anywhere;border:0;border-radius:4px;
font:13px/1.45 ui-monospace,SFMono-Regular,Menlo,monospace;
background:#f6f8fa;background:light-dark(#f6f8fa,#0d1117);color:inherit}
.nbjudge-card table.nbjudge-compare{border-collapse:collapse;margin:.35em 0 0;max-width:100%;
display:block;overflow-x:auto;background:none;color:inherit;border:0;
font:13px/1.45 ui-monospace,SFMono-Regular,Menlo,monospace}
.nbjudge-card table.nbjudge-compare tr{background:none}
.nbjudge-card table.nbjudge-compare :is(th,td){text-align:left;white-space:pre;
padding:.1em 1.2em .1em 0;border:0;background:none;color:inherit;font-weight:400}
.nbjudge-card table.nbjudge-compare thead :is(th,td){border-bottom:1px solid currentColor;
font-family:system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
.nbjudge-card a{color:#0550ae;color:light-dark(#0550ae,#79c0ff)}
.nbjudge-card details{margin-top:.35em}
.nbjudge-card summary{cursor:pointer;color:#0550ae;color:light-dark(#0550ae,#79c0ff);
display:list-item}
.nbjudge-card .nbjudge-rung>summary{width:fit-content;list-style-position:inside;
padding:.1em .8em .1em .5em;border:1px solid currentColor;border-radius:6px}
.nbjudge-card .nbjudge-rung>summary:hover{text-decoration:underline}
.nbjudge-card .nbjudge-rung[open]>summary{border-color:transparent;padding-left:0;font-weight:600}
.nbjudge-card summary:focus-visible{outline:2px solid currentColor;outline-offset:2px}
""".replace(".nbjudge-card ", _STRONG).replace("\n", "")
