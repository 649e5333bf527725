#!/bin/sh
# A stand-in for the part of 日レセ's recept4.sh around the check, written after what is known of it
# (docs/jma.md): recept4.sh HOSPNUM LEVEL. The claim file of ORCBM500 is already in $MCP_TEMPDIR as
# HOSPNUMRECEDEN01.txt (EUC-JP). Environment: MCP_TEMPDIR SITESCRIPTSDIR PATCHSCRIPTSDIR SCRIPTSDIR.
# Exit 99: the job stopped at the check.
hospnum=$1 level=$2 name=RECEDEN uke=RECEIPTC
[ "$level" != 2 ] || { name=TENKENT uke=TENKENRC; }
PATH=$SITESCRIPTSDIR/monthly:$PATCHSCRIPTSDIR/monthly:$SCRIPTSDIR/monthly:$PATH
RUBYLIB=$SITESCRIPTSDIR:$PATCHSCRIPTSDIR:$SCRIPTSDIR
export PATH RUBYLIB MCP_TEMPDIR

base=${hospnum}ORCB44RECEDENCHK
in=$MCP_TEMPDIR/${hospnum}${name}01.txt
copy=$base${hospnum}${name}01.txt.euc # this is what the script calls its UTF-8 copy
rm -f "$MCP_TEMPDIR/$base"*
iconv -f EUC-JP-MS -t CP932 "$in" | iconv -f CP932 -t UTF-8 >"$MCP_TEMPDIR/$copy"
receden_check.rb "$hospnum,$copy,${base}recept4.ERR,${base}recept4.log,$level"
if [ $? -ne 0 ]; then
    cat "$MCP_TEMPDIR/${base}recept4.log"
    exit 99
fi

if command -v nkf >/dev/null; then
    nkf -s "$in"
else
    iconv -f EUC-JP-MS -t CP932 "$in"
fi >"$MCP_TEMPDIR/${hospnum}$uke.UKE"
