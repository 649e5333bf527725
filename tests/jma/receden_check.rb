#!/usr/bin/env ruby
# coding: utf-8
# A stand-in for the original: one error line, or the exit status in $ORIGINAL_EXIT.
hospnum, infile, outfile, errlog, level = ARGV.join(",").split(",")
dir = ENV["MCP_TEMPDIR"]
puts "original #{hospnum} #{level} #{File.read(File.join(dir, infile), :encoding => "utf-8").lines.size}"
if ENV["ORIGINAL_EXIT"].to_i != 0
  File.write(File.join(dir, errlog), "original failed\n")
  exit ENV["ORIGINAL_EXIT"].to_i
end
line = "<ERR_RECENUM>1</ERR_RECENUM><ERR_NAME>見本　花子</ERR_NAME><ERR_ERRCD>31460</ERR_ERRCD>\n"
File.binwrite(File.join(dir, outfile), line.encode("EUC-JP"))
