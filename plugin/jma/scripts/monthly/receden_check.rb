#!/usr/bin/env ruby
# coding: utf-8
#
# Site script of 日医標準レセプトソフト (日レセ): its check of the claim file, then fusho's.
#
#   receden_check.rb "HOSPNUM,infile,outfile,errlog,level"
#
# The names are files in $MCP_TEMPDIR. infile is a UTF-8 copy of the claim file. The original
# receden_check.rb, found further on in PATH, gets the same argument; its output and exit status
# stay. Then `fusho check` reads the same file, and its findings are added to outfile in the
# original's own lines: EUC-JP, LF, <ERR_...> tags. What goes wrong with fusho is told in errlog
# and, unless the settings say otherwise, stops nothing. Settings: jma.conf.sample.

Encoding.default_external = Encoding::UTF_8

require "json"
require "tempfile"
require "timeout"

class FushoError < StandardError
end

# "name = value" a line; "#" begins a comment.
class Settings
  DEFAULTS = {
    "command" => "fusho", # the command, found in PATH
    "config" => "",       # fusho.conf; none: fusho's defaults
    "evidence" => "",     # file or folder of captures; none: only the file is checked
    "levels" => "1,2",    # 1 提出用, 2 点検用
    "severity" => "warning", # the least one that is listed: error, warning, info
    "on-failure" => "continue", # or stop: the job ends and shows errlog
    "timeout" => "600"    # seconds
  }
  CHOICES = { "severity" => %w[error warning info], "on-failure" => %w[continue stop] }

  def initialize(file)
    @values = DEFAULTS.dup
    File.foreach(file) { |line| take(line) } if File.exist?(file)
  end

  def [](name)
    @values[name]
  end

  private

  def take(line)
    line = line.sub(/#.*/, "").strip
    return if line.empty?
    name, value = line.split("=", 2).map { |s| s.strip }
    raise FushoError, "設定「#{name}」はありません。" unless value && DEFAULTS.key?(name)
    allowed = CHOICES[name]
    if (allowed && !allowed.include?(value)) || (name == "timeout" && value !~ /\A[1-9][0-9]*\z/)
      raise FushoError, "設定 #{name} の値が正しくありません。"
    end
    @values[name] = value
  end
end

# The claim file as far as an error line tells of it.
class Claims
  def initialize(file)
    @lines = File.read(file, :mode => "rb").force_encoding("UTF-8").scrub("〓").split("\n")
    @lines.map! { |l| l.chomp("\r") }
    @starts = (1..@lines.size).select { |n| record(n)[0] == "RE" }
  end

  def text(line)
    line >= 1 && line <= @lines.size ? @lines[line - 1] : ""
  end

  def record(line)
    text(line).split(",", -1)
  end

  # Line of the RE record of claim n, counted from 1; nil where there is none.
  def start(number)
    number && number >= 1 ? @starts[number - 1] : nil
  end

  def insurer(start)
    payers(start, "HO").first || ""
  end

  def public_payers(start)
    payers(start, "KO").first(4)
  end

  private

  def payers(start, id)
    found = []
    (start + 1..@lines.size).each do |n|
      fields = record(n)
      break if %w[RE GO].include?(fields[0])
      found << fields[1].to_s if fields[0] == id
    end
    found
  end
end

# One finding as a line of outfile.
class ErrorLine
  SEVERITY = { "error" => "エラー", "warning" => "警告", "info" => "お知らせ" }
  # 記録条件仕様（医科）: names of the fields that fusho speaks of most
  LABELS = {
    "RE" => { 2 => "レセプト番号", 3 => "レセプト種別", 4 => "診療年月", 5 => "氏名",
              6 => "男女区分", 7 => "生年月日", 12 => "レセプト特記事項", 14 => "カルテ番号等" },
    "HO" => { 2 => "保険者番号", 3 => "被保険者証（手帳）等の記号",
              4 => "被保険者証（手帳）等の番号" },
    "KO" => { 2 => "公費負担医療負担者番号", 3 => "公費負担医療受給者番号" },
    "SN" => { 7 => "枝番" }, "CO" => { 4 => "コメントコード", 5 => "文字データ" }
  }

  def initialize(finding, claims, infile)
    @f = finding
    @claims = claims
    @here = finding["file"].nil? || finding["file"] == infile # else of a capture
    @start = @here ? claims.start(finding["claim"]) : nil
  end

  def to_s
    tags = claim_tags + finding_tags
    tags.map { |name, value| "<ERR_#{name}>#{clean(value)}</ERR_#{name}>" }.join + "\n"
  end

  private

  def claim_tags
    re = @start ? @claims.record(@start) : []
    ho = @start ? @claims.insurer(@start) : ""
    ko = @start ? @claims.public_payers(@start) : []
    [["RECENUM", re[1]], ["PTNUM", re[13]], ["NAME", re[4]], ["BIRTHDAY", re[6]],
     ["SRYYM", re[3]], ["NYUGAIKBN", inpatient(re[2])], ["HBTNUM1", ho], ["HBTNUM2", ko[0]],
     ["HBTNUM3", ko[1]], ["HBTNUM4", ko[2]], ["HBTNUM5", ko[3]], ["HKNJANUM", ho],
     ["HONKZKKBN", person(re[2])], ["RECESBT", re[2]]]
  end

  def finding_tags
    line = @here ? @f["line"].to_i : 0
    within = @start && line >= @start ? line - @start + 1 : 0
    [["ERRCD", @f["code"]], ["RECID", @f["record"] || @claims.record(line)[0]],
     ["RECELINE", within], ["ROWNUM", @f["field"].to_i], ["LABEL", label], ["VALUE", @f["found"]],
     ["MSG", @f["message"]], ["HEADER", "fusho #{SEVERITY[@f["severity"]]}"],
     ["FOOTER", @f["hint"]], ["LINE", line], ["DATA", @claims.text(line)]]
  end

  def label
    (LABELS[@f["record"]] || {})[@f["field"]]
  end

  # 1 入院, 2 入院外; 種別 is four digits, the last one odd for 入院
  def inpatient(type)
    type =~ /\A[0-9]{4}\z/ ? (type[3].to_i.odd? ? "1" : "2") : ""
  end

  # 1 本人, 2 六歳, 3 家族, 4 高齢一般, 5 高齢７割, 6 後期一般, 7 後期７割, 8 公費単独
  def person(type)
    return "" unless type =~ /\A1[1-4][0-9]{2}\z/
    return "8" if type[1] == "2"
    kind = (type[3].to_i + 9) % 10 / 2 + 1
    kind += 2 if type[1] == "3"
    kind.to_s
  end

  # A value holds neither line ends nor what looks like a tag.
  def clean(value)
    value.to_s.gsub(/[[:cntrl:]]/, " ").tr("<>", "＜＞")
  end
end

# EUC-JP as the original writes it: JIS X 0208 and half-width kana, 〓 for what is not in them.
module EucJp
  GETA = "\xA2\xAE".b

  def self.encode(text)
    text.tr("〜−‖—¢£¬", "～－∥―￠￡￢").each_char.map { |c| character(c) }.join.b
  end

  def self.character(c)
    bytes = c.encode("CP51932").b
    lead = bytes.getbyte(0)
    return bytes if lead < 0x80 || lead == 0x8E
    (0xA1..0xA8).cover?(lead) || (0xB0..0xF4).cover?(lead) ? bytes : GETA
  rescue EncodingError
    GETA
  end
end

class RecedenCheck
  RANK = { "error" => 0, "warning" => 1, "info" => 2 }
  SETTINGS = "/etc/fusho/jma.conf"

  def initialize(argument)
    @argument = argument
    names = argument.split(",", -1)
    @infile, @outfile, @errlog = names[1, 3].to_a.map { |n| File.join(folder, n) }
    @level = names[4].to_s
  end

  # The exit status.
  def run
    status = original
    return status if status != 0 || @infile.nil?
    settings = nil
    begin
      settings = Settings.new(ENV["FUSHO_JMA_CONF"] || SETTINGS)
      check(settings) if settings["levels"].split(",").map(&:strip).include?(@level)
      0
    rescue StandardError => e
      tell(e)
      settings && settings["on-failure"] == "stop" ? 1 : 0
    end
  end

  private

  def folder
    ENV["MCP_TEMPDIR"].to_s.empty? ? "." : ENV["MCP_TEMPDIR"]
  end

  # The next program of this name in PATH that is not this one.
  def find_original
    me = File.realpath(__FILE__)
    ENV["PATH"].to_s.split(":").each do |dir|
      path = File.join(dir.empty? ? "." : dir, "receden_check.rb")
      next unless File.file?(path) && File.executable?(path)
      return path unless File.realpath(path) == me
    end
    nil
  end

  def original
    path = find_original
    if path.nil?
      tell(FushoError.new("日レセの receden_check.rb が PATH にありません。"))
      return 1
    end
    system(path, @argument)
    return 127 if $?.nil?
    $?.exited? ? $?.exitstatus : 128 + $?.termsig.to_i
  end

  def command(settings)
    list = [settings["command"], "check", "--encoding", "utf-8", "--format", "json",
            "--lang", "ja", "--progress", "never"]
    list += settings["config"].empty? ? ["--no-config"] : ["--config", settings["config"]]
    list += ["--evidence", settings["evidence"]] unless settings["evidence"].empty?
    list + ["--", @infile]
  end

  # Runs fusho; its output lines, or an error.
  def findings(settings)
    out = Tempfile.new("fusho")
    err = Tempfile.new("fusho")
    pid = spawn(*command(settings), :in => File::NULL, :out => out.path, :err => err.path,
                                    :pgroup => true)
    status = wait(pid, settings["timeout"].to_i)
    unless status.exited? && status.exitstatus <= 1
      raise FushoError, "終了状態 #{status.exitstatus || status.termsig}: #{File.read(err.path)}"
    end
    File.read(out.path).each_line.map { |l| JSON.parse(l) }.select { |o| o["type"] == "finding" }
  rescue SystemCallError => e
    raise FushoError, "#{settings["command"]} を実行できません（#{e.class}）。"
  ensure
    [out, err].compact.each { |f| f.close! }
  end

  def wait(pid, seconds)
    Timeout.timeout(seconds) { Process.wait2(pid)[1] }
  rescue Timeout::Error
    Process.kill("KILL", -pid)
    Process.wait(pid)
    raise FushoError, "#{seconds}秒で終わりませんでした。"
  end

  def check(settings)
    least = RANK[settings["severity"]]
    list = findings(settings).select { |f| RANK[f["severity"]] <= least }
    claims = Claims.new(@infile)
    add(list.map { |f| EucJp.encode(ErrorLine.new(f, claims, @infile).to_s) }.join)
  end

  # All lines or none: a list that was cut off would hide errors.
  def add(bytes)
    size = File.size?(@outfile).to_i
    File.open(@outfile, "ab") { |f| f.write(bytes) }
  rescue SystemCallError
    File.truncate(@outfile, size) if File.size?(@outfile).to_i > size
    raise
  end

  # Errlog is shown by the job where it stops.
  def tell(error)
    text = "fusho: #{error.message.strip}\n"
    warn text
    File.open(@errlog, "ab") { |f| f.write(EucJp.encode(text)) } if @errlog
  rescue SystemCallError => e
    warn "fusho: #{e.class}"
  end
end

exit RecedenCheck.new(ARGV.join(",")).run
