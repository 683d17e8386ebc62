"""The look of a proof, for light and dark pages; colours after Okabe and Ito."""

STYLE = """
:root{color-scheme:light dark;--fg:#1f2328;--bg:#fff;--line:#d0d7de;--soft:#57606a;
--hit:#cfe6f5;--hit-fg:#003f66;--bad:#a83f00;--link:#0072b2}
@media (prefers-color-scheme:dark){:root{--fg:#e6edf3;--bg:#161b22;--line:#30363d;--soft:#9da7b3;
--hit:#0b4a72;--hit-fg:#d8efff;--bad:#ff9d5c;--link:#56b4e9}}
body{margin:0;background:var(--bg);color:var(--fg);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:76em;margin:0 auto;padding:1em}
a,summary{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
nav ul{display:flex;flex-wrap:wrap;gap:.25em 1.5em;padding:0;list-style:none}
section{margin-top:2.5em;border-top:1px solid var(--line)}
table{border-collapse:collapse;margin:.75em 0;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--soft);padding-bottom:.4em}
th,td{padding:.1em .5em;border-bottom:1px solid var(--line);text-align:left;font-weight:400}
thead th{vertical-align:bottom;font-weight:600}
.sum th{padding-left:0;color:var(--soft)}
.wide{overflow-x:auto}
.wide tbody th{white-space:nowrap;position:sticky;left:0;background:var(--bg)}
.wide td,.v{padding:.1em .25em;text-align:center}
.v span{writing-mode:vertical-rl;transform:rotate(180deg);max-height:13em;font-weight:400}
.k{background:var(--hit);color:var(--hit-fg);font-weight:700}
.p,small{color:var(--soft)}
td.n{text-align:right}
.bad{color:var(--bad);font-weight:700}
.s{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
""".replace("\n", "")
