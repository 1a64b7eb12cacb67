//! What gives an instruction to an agent away: phrasing and structure, one row each.
//!
//! In a pattern, a space stands for any gap between words (blanks, line ends, comment and
//! quotation marks, escaped line ends), ` ?` for one that may be missing, and `~` for the beginning of a word.

use std::sync::{LazyLock, OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex::bytes::{Regex, RegexBuilder};

/// A kind of evidence. Signs of one kind do not add up; signs of different kinds do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Takes back what the agent was told.
    Override,
    /// Poses as the system, the user or a tool.
    Role,
    /// Speaks to the agent, not to a reader.
    Address,
    /// Puts its own task before or in place of the user's.
    Task,
    /// Wants something kept from the user.
    Secrecy,
    /// Tells what to run, send or give away.
    Command,
    /// Claims that somebody allowed it.
    Authority,
    /// Presses.
    Pressure,
    /// Wants the agent's own instructions.
    Leak,
    /// Stands where a reader does not see it.
    Hidden,
    /// Stands in another spelling or encoding.
    Encoded,
}

impl Kind {
    /// How many kinds there are.
    pub(super) const COUNT: usize = 11;
}

/// One row: how it reads, what it weighs (as the chance that a text with it alone is an
/// instruction to the agent), and where to look for it.
pub(super) struct Sign {
    pub(super) kind: Kind,
    pub(super) weight: f64,
    pub(super) why: &'static str,
    anchors: &'static [&'static str],
    pattern: &'static str,
    compiled: OnceLock<Option<Regex>>,
}

impl Sign {
    /// The pattern, compiled when it is first needed.
    pub(super) fn regex(&self) -> Option<&Regex> {
        self.compiled
            .get_or_init(|| {
                const GAP: &str = r#"(?:\\[nrt]|[\s\\*_>#|/,;"'`\x{00A0}+-]){1,24}"#;
                let ascii = self.pattern.is_ascii();
                let gap = if ascii { GAP.replace(r"\x{00A0}", "") } else { GAP.to_owned() };
                let body = self
                    .pattern
                    .replace(" ?", &format!("(?:{gap})?"))
                    .replace(' ', &gap)
                    .replace('~', r"(?:\b|\\[nrt])");
                RegexBuilder::new(&body).case_insensitive(true).unicode(!ascii).multi_line(true).build().ok()
            })
            .as_ref()
    }
}

macro_rules! signs {
    ($($kind:ident $weight:literal $why:literal [$($anchor:literal),+ $(,)?] $pattern:literal;)+) => {
        /// All signs.
        pub(super) static SIGNS: [Sign; [$($weight),+].len()] = [$(Sign {
            kind: Kind::$kind,
            weight: $weight,
            why: $why,
            anchors: &[$($anchor),+],
            pattern: $pattern,
            compiled: OnceLock::new(),
        }),+];
    };
}

signs! {
    // Takes back what the agent was told.
    Override 0.85 "takes back earlier instructions"
        ["ignore", "disregard", "forget", "overlook", "override", "neglect", "bypass", "dismiss", "discard", "attention to", "skip"]
        r"~(?:ignore|disregard|forget|overlook|override|neglect|bypass|dismiss|discard|skip|pay no attention to) (?:[\w']+ ){0,4}?(?:previous(?:ly)?|prior|above|earlier|preceding|former|foregoing|original|initial|existing|current|past|old|system|last)(?: \w+){0,2}? (?:i\w{0,2}nstr?[uc]{1,2}t\w*|prompts?|directives?|directions|orders|guidelines|guidance|tasks?|assignments?|requests?|conversation|programming|text)\b";
    Override 0.8 "takes back earlier instructions"
        ["ignore", "disregard", "forget", "overlook", "neglect", "stop following", "not follow", "not obey", "abandon"]
        r"~(?:ignore|disregard|forget|overlook|neglect|abandon|stop following|do not (?:follow|obey)|don.{1,3}t (?:follow|obey)) (?:all |any |every |everything |of |the |your |my |other |these |those )*(?:instructions?|directives?|orders|guidelines?|prompts?) (?:above|before|previously|prior|preceding|earlier|you|that (?:you|were|came|have)|given|from (?:above|before|the (?:system|user))|so far|until now|up to)\b";
    Override 0.75 "takes back earlier instructions"
        ["everything", "everthing", "all that", "what you", "anything", "whatever"]
        r"~(?:ignore|disregard|forget|overlook|neglect|set aside) (?:about )?(?:all |every)?(?:everything|everthing|all|anything|what|whatever)(?: of it)? (?:that )?(?:you(?: .{1,3}ve| have| were|'ve)?(?: \w+){0,2} (?:told|instructed|given|said|learn\w*|know|asked)|(?:was |has been |i )?(?:said|told|written|stated|instructed)|(?:above|before|prior|previous\w*|so far|until now|up to now|i (?:said|told)))\b";
    Override 0.7 "tells the agent to drop its instructions"
        ["ignore", "disregard", "forget", "override", "bypass", "violate", "abandon", "disobey", "stop following", "neglect", "set aside", "suspend"]
        r"~(?:ignore|disregard|forget|override|bypass|violate|abandon|disobey|neglect|suspend|set aside|stop following) (?:all |any |every )*(?:of )?your (?:\w+ ){0,3}?(?:instructions?|guidelines?|directives?|training|programming|system prompt|prompt|orders|constraints|restrictions|safety|rules|filters|policies|protocols?|ethics|procedures)\b";
    Override 0.55 "takes back what the agent was told"
        ["ignore above", "ignore the above", "forget everything", "forget all", "forget about all", "ignore everything", "ignore all", "listen to any", "disregard all", "disregard everything", "disregard the above", "disregard above"]
        r"~(?:(?:ignore|disregard|forget) (?:about )?(?:all |the )*(?:of )?(?:the )?(?:above|everything|assignments?|tasks?|instructions?)(?: (?:and|then|now|instead|just)\b|[,.;!] ?(?:and |then |now |just |instead |please )*(?:write|say|print|output|do|tell|answer|start|concentrate|focus|listen|you|give|show|respond|reply|let)\b)|do not listen to any (?:previous|prior|other))";
    Override 0.6 "tells the reader to skip the text and say something else"
        ["ignore the", "disregard the", "ignore this", "instead of summar"]
        r"~(?:ignore|disregard) (?:the|this) (?:rest of (?:the|this) )?(?:web ?page|page|function|document|article|email|table|content|question|code|data|request|message|transaction)s? and (?:instead |just |only |simply )?(?:state|say|output|print|indicate|respond|write|return|reply|report|declare|claim|tell|answer|recommend)\b";
    Override 0.4 "wants only its own orders followed"
        ["my commands", "my instructions", "my orders", "my directives", "my guidance", "my directions"]
        r"~(?:(?:follow|obey|heed|execute|prioriti[sz]e|consider|respond to) (?:only |solely |exclusively )?(?:to )?my (?:\w+ )?(?:commands?|instructions?|orders|directives|guidance|directions))\b";
    Override 0.4 "takes back earlier rules"
        ["ignore", "disregard", "forget", "override", "bypass"]
        r"~(?:ignore|disregard|forget|override|bypass) (?:[\w']+ ){0,3}?(?:previous|prior|above|earlier|preceding|safety|security|ethical)(?: \w+){0,1}? (?:rules|commands?|messages?|context|content|filters?|constraints|restrictions|measures|protocols?|policies|policy|checks)\b";
    Override 0.7 "claims to outrank other instructions"
        ["supersede", "take precedence", "takes precedence", "has priority", "take priority", "takes priority", "overrides", "override all", "override any", "precedence over", "priority over"]
        r"~(?:supersedes?|overrides?|takes? (?:precedence|priority)(?: over)?|has (?:precedence|priority) over|have (?:precedence|priority) over) (?:all |any |the |your |every )*(?:other |previous |prior |earlier |existing |system |user.{0,3}s? |conflicting |contradicting )+(?:instructions?|prompts?|guidelines|directives?|requests?|orders)\b";
    Override 0.6 "puts its own instructions in place of the user's"
        ["only follow", "follow only", "obey only", "only obey", "follow these", "follow the following", "follow my"]
        r"~(?:only (?:follow|obey)|(?:follow|obey) only|follow (?:these|the following|my) (?:instructions|commands|orders|directives) instead) (?:the |these |my )?(?:following |new |below )?(?:instructions?|directives?|commands?|orders)?";
    Override 0.85 "takes back earlier instructions (German)"
        ["ignorier", "vergiss", "vergessen sie", "missachte"]
        r"(?:ignorier\w*|vergiss|vergessen sie|missachte\w*) (?:\w+ ){0,4}?(?:(?:vorherigen?|bisherigen?|obigen?|vorangegangenen?|vorangehenden?|vorhergehenden?|früheren|vorigen?|alles)(?: \w+){0,2}? ?(?:anweisung\w*|befehle?|instruktion\w*|aufträge|aufgaben?|davor|zuvor|vorher|gesagt\w*)?|(?:anweisungen|instruktionen|aufträge|befehle)\b)";
    Override 0.85 "takes back earlier instructions (Romance languages)"
        ["ignor", "oublie", "olvid", "dimentica", "esque", "desconsidere", "negligez", "fai caso"]
        r"(?:ignor(?:e[zr]?|a|ad|i|are|ar|en|ate|ă)|oublie[zr]?|olvid(?:a|e|ar|en)|dimentic(?:a|ate|hi)|esqueça|desconsidere) (?:\w+ ){0,4}?(?:instru[czç]\w+|istruzioni|consignes|indicaciones|órdenes|ordres|indicazioni|directrices|comandos)(?: \w+){0,2}? (?:pr[eéè]c[eé]d\w+|anterior\w*|previ\w+|precedenti|ci-dessus|dadas?|recibidas?|de mai sus)";
    Override 0.8 "tells the agent to drop its instructions (Romance languages)"
        ["tes instructions", "vos instructions", "tus instrucciones", "sus instrucciones", "tue istruzioni", "suas instruções", "tes consignes", "tes directives", "tus directrices"]
        r"(?:ignor\w+|oublie\w*|olvid\w+|dimentic\w+|esque\w+|contourne\w*|négligez?|outrepasse\w*|desconsidere) (?:\w+ ){0,2}?(?:tes|vos|tus|sus|tue|suas|tuas) (?:instru[czç]\w+|istruzioni|consignes|directives|directrices|protocol\w+|règles|reglas|regras|regole)";
    Override 0.8 "takes back earlier instructions (Romance languages)"
        ["todo lo anterior", "tout ce qu", "tutto ciò che", "tudo o que", "todo lo que", "tutto quello", "toutes les pr"]
        r"(?:ignor\w+|oublie\w*|olvid\w+|dimentic\w+|esque\w+) (?:de )?(?:todo (?:lo )?(?:anterior|que)|tout ce qu\S*|toutes les précédentes|tutto (?:ciò|quello) che|tudo o que)";
    Override 0.85 "takes back earlier instructions (Dutch, Scandinavian, Slavic, Turkish)"
        ["negeer", "vergeet", "ignorera", "glöm", "ignorer", "zignoruj", "zapomnij", "ignorujte", "ignoruj", "zanemari", "ignoriraj", "ignorišite", "talimat"]
        r"(?:(?:negeer|vergeet|ignorera|glöm|ignorer|glem|zignoruj|zapomnij|ignoruj\w*|zanemari\w*|ignorir\w*|zaboravi\w*) (?:\w+ ){0,3}?(?:vorige|eerdere|voorgaande|bovenstaande|tidigare|föregående|tidligere|poprzednie|wcześniejsze|předchozí|predchádzajúce|prethodne|ranije|sve)(?: \w+){0,1}? (?:instru\w+|opdrachten|polecenia|pokyny|upute|uputstva|naredbe)|önceki (?:tüm )?talimat\w* (?:yok say|unut|görmezden|dikkate alma))";
    Override 0.85 "takes back earlier instructions (Cyrillic)"
        ["игнориру", "забудь", "не обращай", "ігнору", "проигнориру", "игнориш", "забрави"]
        r"(?:про)?(?:игнориру\w+|забудь\w*|ігнору\w+|забрави\w*|игнорира\w*) (?:\w+ ){0,3}?(?:предыдущ\w+|прошл\w+|предшеств\w+|вышеприв\w+|прежн\w+|попередн\w+|предишн\w+|все,? что)(?: \w+){0,2}";
    Override 0.85 "takes back earlier instructions (East Asian languages)"
        ["忽略", "忽視", "无视", "無視", "忘记", "忘れ", "무시", "잊"]
        r"(?:(?:忽略|忽視|忽视|无视|無視|忘记|忘掉)(?:掉)?(?:你)?(?:所有|全部|一切)?(?:的)?(?:之前|以上|先前|前面|上面|此前|上述|以前)(?:所有|全部)?(?:的)?(?:所有|全部)?(?:指令|指示|说明|說明|提示|命令|要求|内容|规则)|(?:以前|これまで|上記|前|先)の(?:すべての|全ての)?(?:指示|命令|プロンプト|内容)(?:を|は)?(?:すべて|全て)?(?:無視|忘れ)|(?:이전|위|앞)의? ?(?:모든 )?(?:지시|명령|지침|내용)\S{0,3} ?(?:모두 )?(?:무시|잊))";
    Override 0.8 "takes back earlier instructions (Arabic, Indic languages)"
        ["تجاهل", "انس", "अनदेखा", "अनदेखी", "अवहेलना", "नज़रअंदाज़", "नजरअंदाज", "भूल", "উপেক্ষা", "ভুলে"]
        r"(?:(?:تجاهل|انس\S{0,2}) (?:\S+ ){0,2}?(?:ال)?(?:تعليمات|أوامر|توجيهات)|(?:निर्देश\S*|आदेश\S*)(?: \S+){0,3}? (?:अनदेखा|अनदेखी|अवहेलना|नज़रअंदाज़|नजरअंदाज|भूल)|(?:নির্দেশ\S*|যা বলা হয়েছে)(?: \S+){0,3}? (?:উপেক্ষা|ভুলে))";
    Override 0.8 "takes back earlier instructions (South-East Asian languages)"
        ["abaikan", "lupakan", "bỏ qua", "quên", "ลืม", "สนใจ", "เพิกเฉย", "pansinin", "kalimutan", "balewalain"]
        r"(?:(?:abaikan|lupakan) (?:\w+ ){0,3}?(?:instruksi|perintah|arahan|petunjuk)|(?:bỏ qua|quên)(?: đi)? (?:\S+ ){0,4}?(?:hướng dẫn|chỉ dẫn|lệnh|chỉ thị)|(?:ลืม|อย่า(?:ไป)?สนใจ|ไม่ต้องสนใจ|เพิกเฉย)\S{0,60}(?:แนะ|สั่ง)|(?:huwag(?: \w+)? pansinin|kalimutan|balewalain)(?: \w+){0,5}? (?:tagubilin|utos|instruksyon|panuto))";

    // Poses as the system, the user or a tool.
    Role 0.6 "poses as a message of the system"
        ["system_m", "system-m", "system_p", "system-p", "system_r", "system-r", "system_i", "system_n", "system m", "system-o", "system mode", "system_o"]
        r"(?:<|\[|\(|\{|#{2,}\(?|<\|)/?system[_\x20-](?:message|mode|prompt|reminder|instructions?|notice|notification|note|override|update|alert)s?(?:>|\]|\)|\}|\|>|:)";
    Role 0.35 "poses as a turn of the conversation"
        ["<system>", "</system>", "<assistant>", "<user>", "[system]", "[/system]", "(system)", "<admin>", "<human>", "[admin]", "[assistant]", "</user>", "</assistant>", "[/user]"]
        r"(?:</?(?:system|assistant|user|admin|human)>|[\[(]/?(?:system|admin|assistant|user)[\])]:?)";
    Role 0.45 "holds control marks of a language model"
        ["[inst]", "[/inst]", "<<sys>>", "<|im_start|>", "<|im_end|>", "<|system|>", "<|user|>", "<|assistant|>", "<start_of_turn>", "<|endoftext|>", "<|eot_id|>", "<|start_header_id|>"]
        r"(?:\[/?inst\]|<</?sys>>|<\|(?:im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id)\|>|<start_of_turn>)";
    Role 0.4 "poses as a turn of the conversation"
        ["system:", "system :", "instruction:", "assistant:", "human:", "instructions:"]
        r"(?:^|\\n|[>.!?;] )[\x20\t>*-]*#{1,5} ?(?:system|instruction|assistant|human|new instructions?)s? ?:";
    Role 0.3 "poses as a turn of the conversation"
        ["\nsystem:", "\nassistant:", "\nhuman:", "\\nsystem:", "\\nassistant:", "\\nhuman:"]
        r"(?:^|\\n)[\x20\t>*]*(?:system|assistant|human):[\x20\t\n]";
    Role 0.45 "poses as a notice of the system"
        ["system alert", "system override", "system notice", "system update", "system message", "admin override", "developer override", "security override", "emergency override", "system command", "system instruction", "system directive"]
        r"(?:^|[\[<({*#\x22'>.:!-] ?|\\n)(?:system|admin|administrator|developer|security|emergency) (?:alert|override|notice|update|message|command|instructions?|directive)s?[*_]* ?[:\])>!-]";
    Role 0.35 "marks a passage as orders"
        ["<information>", "<important>", "<instructions>", "<instruction>", "<critical>", "<urgent>", "<hidden>", "<secret>", "<priority>", "<agent", "<command>"]
        r"<(?:information|important|instructions?|critical|urgent|hidden|secret|priority|agent[_-]instructions?|agent[_-]note)>";
    Role 0.4 "claims that the data end here"
        ["end of", "end user", "end tool", "end context", "end data", "end document", "begin new", "end_of"]
        r"(?:[-=*#<\[]{2,} ?(?:end of|end) (?:the )?(?:document|context|data|user (?:input|message|data)|tool (?:output|results?)|system prompt|untrusted\w*|search results?|input|email|conversation|instructions)\b)";
    Role 0.6 "puts the agent into another mode"
        ["mode", "do anything now"]
        r"~(?:(?:you are now|enter|entering|switch(?:ing)? to|activate|enable|you.{1,3}re now|operating) (?:in )?(?:an? |the )?(?:developer|debug|god|admin|maintenance|unrestricted|jailbreak|dan|sudo|master|super user) mode|do anything now|(?:developer|god|dan|jailbreak) mode(?: is)? (?:now )?(?:enabled|activated|on)\b)";
    Role 0.45 "gives the agent another role"
        ["you are now", "you're now", "you will now", "from now on", "no longer"]
        r"~(?:you are now|you.{1,3}re now|you will now (?:act|be|behave|play|become|assume)|from now on,? you (?:are|will|must|should|shall|act)|you are no longer) (?:as )?(?:an? |the |my |called |named |free|acting|operating|going|bound|in character|unrestricted|required|to )";

    // Speaks to the agent.
    Address 0.65 "speaks to an agent that reads this"
        ["reading this", "processing this", "parsing this", "seeing this", "viewing this", "summarizing this", "summarising this", "analyzing this", "analysing this", "reviewing this", "read this"]
        r"~(?:an? |the |any |every |all )(?:\w+ ){0,2}?(?:a\.?i\.?|llms?|language models?|agents?|assistants?|copilot|claude(?: code)?|gpt\S*|chatgpt|codex|gemini|cursor|chatbots?|bots?|models?)(?: (?:that is|that are|who is|who are|currently))? (?:reading|processing|parsing|seeing|viewing|summari[sz]ing|analy[sz]ing|reviewing) this\b";
    Address 0.4 "speaks to an agent that reads this"
        ["if you are a", "if you're a", "if you’re a", "when you are a", "if you are the", "if you are cl", "if you are g", "if you are c"]
        r"~(?:if|when|since|as) you(?: are|.{1,3}re) (?:an? |the |any )?(?:\w+ ){0,2}?(?:a\.?i\.?|llm|large language model|language model|coding agent|code agent|coding assistant|agent|assistant|copilot|claude(?: code)?|gpt\S*|chatgpt|codex|gemini|cursor|chatbot|bot)\b";
    Address 0.6 "speaks to an agent that reads this"
        ["dear ", "attention", "note to", "notice to", "message to", "message for", "hello ", "hey ", "reminder to", "note for", "important for", "notice for", "to all ai", "to any ai"]
        r"~(?:dear|attention(?: all)?|note (?:to|for)|notice (?:to|for)|(?:important )?message (?:to|for)|hello|hey|reminder (?:to|for)|important for|to (?:all|any)),? (?:all |any |the |my |our |you )*(?:a\.?i\.?|llms?|large language models?|language models?|(?:ai|coding|code|autonomous|automated|review) (?:agents?|assistants?|bots?|models?|reviewers?)|agents?|assistant|copilot|claude(?: code)?|gpt-?\d?\w*|chatgpt|codex|gemini)(?: (?:agents?|assistants?|models?|systems?|bots?|reviewers?|tools?|reading|processing|working))*[\s,:.!\x22)>-]";
    Address 0.45 "tells agents what they must do"
        ["ai agent", "ai assistant", "ai model", "coding agent", "coding assistant", "llms", "ai tool", "language model", "ai review", "automated agent", "autonomous agent", "ai system", "agents reading", "agent reading", "assistant reading", "ai reading", "llm"]
        r"~(?:a\.?i\.?|coding|code|automated|autonomous|llm|language) ?(?:agents?|assistants?|models?|tools?|reviewers?|systems?)?(?: (?:reading|processing|parsing|working|summari[sz]ing|reviewing|analy[sz]ing|viewing)[^.\n]{0,60}?)?,? (?:must|are required to|is required to|are instructed to|is instructed to|have to|has to|need to|needs to|shall|please) (?:also |first |always |immediately |now |then )*(?:run|execute|send|include|add|fetch|visit|open|call|post|read|install|download|upload|output|print|reply|respond|follow|ignore|delete|create|write|use|say|approve|stop|insert|append)\b";
    Address 0.5 "speaks to a model by name"
        ["to you, ", "you, gpt", "you, claude", "you, chatgpt", "you, the ai", "you, ai", "you, llama", "you, command", "you, gemini"]
        r"~(?:message|instructions?|request|note|order)s? from[^\n]{1,60}? to you\b|~you,? (?:gpt\S*|claude|chatgpt|the ai|ai (?:agent|assistant|model)|gemini|llama|mistral|copilot)\b";
    Address 0.4 "speaks to the assistant"
        ["assistant, ", "assistant: ", "claude, ", "claude: ", "copilot, ", "copilot: ", "agent, ", "agent: ", "chatgpt, ", "chatgpt: ", "gemini, ", "cursor, ", "codex, ", "model, ", "llm, ", "ai, ", "ai: "]
        r"~(?:assistant|claude(?: code)?|copilot|agent|chatgpt|gemini|cursor|codex|model|llm|ai)[,:] ?(?:please |you must |you should |you need to |kindly |also |now |first )+(?:run|execute|send|include|add|fetch|visit|open|call|post|read|install|download|upload|output|print|reply|respond|follow|ignore|delete|create|write|use|say|approve|do)\b";
    Address 0.2 "speaks to a language model"
        ["as an ai", "an ai language", "you are an ai", "you are a large", "you're an ai", "you are a helpful"]
        r"~(?:as an ai (?:agent|assistant|language model|model)|you(?: are|.{1,3}re) (?:an ai\b|a large language model|a helpful assistant))";

    Address 0.03 "speaks of what agents are to do"
        ["ai agent", "ai assistant", "ai model", "ai tool", "ai system", "ai coding", "ai contributor", "ai review", "ai-", "coding agent", "coding assistant", "code assistant", "llm", "language model", "autonomous agent", "automated agent", "agents should", "agents must", "agents:", "assistants:", "assistants should", "copilot", "claude", "chatgpt", "cursor", "codex", "gemini", "for agents", "to agents", "agents and", "bots should"]
        r"~(?:(?:a\.?i\.?(?:[ -]?(?:powered|coding|based|driven))?|coding|code|autonomous|automated|language|llm)[ -]?(?:agents?|assistants?|models?|tools?|tooling|systems?|reviewers?|contributors?|bots?|helpers?)|llms?|agents|assistants|copilot|claude(?: code)?|chatgpt|codex|cursor|gemini)\b(?: \(?[\w,./'-]+\)?){0,14}?(?::| (?:must|should|shall|need to|needs to|have to|has to|can|may|will want to|please|(?:are|is) (?:required|expected|asked|encouraged|instructed|advised|recommended|supposed) to|always|first|remember to|make sure to)\b)";
    Address 0.03 "speaks of what agents are to do"
        ["for ai", "to ai", "for llm", "to llm", "for coding agent", "for copilot", "for claude", "for cursor", "for agents", "for automated", "for language model", "agent instructions", "assistant instructions", "@claude", "@copilot", "@cursor", "@codex", "using copilot", "using cursor", "using claude", "an ai", "ai agents", "ai assistants"]
        r"(?:~(?:for|to|note for|instructions for|guidance for|when using|if using|with) (?:all |any |an? |the |other )?(?:a\.?i\.?|coding|automated|autonomous|language) ?(?:coding )?(?:agents?|assistants?|models?|tools?|systems?|reviewers?|contributors?)\b|~(?:for|note for|instructions for|guidance for) (?:llms?|agents|copilot|claude|cursor|codex)\b ?[:,.)\n]|@(?:claude|copilot|cursor|codex|gemini)\b|~(?:agent|assistant) (?:instructions|guidance|notes?):)";

    // Puts its own task before the user's.
    Task 0.65 "puts its own task before the user's"
        ["before you", "prior to", "do the following first", "before solving", "before answering", "before completing", "before continuing"]
        r"~(?:before|prior to) (?:you )?(?:can |may |could |will )?(?:solv|continu|start|begin|proceed|complet|answer|finish|do|work|go|mov|carry|help|respond|respon|perform|process)\w*(?: (?:on|out|with|to))? (?:the |your |this |that |any |my |helping |with )*(?:original |user.{0,3}s? |current |main |next |actual |other )*(?:task|request|instruction|question|query|user)s?\b[^.\n]{0,80}?(?:,|:|please|must|first|need|have to|following)";
    Task 0.6 "puts its own task before the user's"
        ["do the following first", "do this first", "following first", "first do the following", "first execute", "must first", "you can solve", "you may continue", "you can continue", "then continue with", "then resume", "you can return"]
        r"~(?:please )?(?:you (?:must|have to|need to|should) (?:first )?)?do (?:the following|this) first:|~(?:after|once) (?:you(?:.{1,3}ve)? )?(?:do|doing|have done|completing|complete|that|finish\w*)[^.\n]{0,40}?,? (?:you (?:can|may|should) )?(?:then )?(?:solve|continue|resume|return|proceed|go back)(?: \w+){0,3} (?:the |your )?(?:original |user.{0,3}s? |main |previous )?(?:task|request|instructions?)\b";
    Task 0.6 "gives the agent a new task"
        ["your new", "your real", "your actual", "your true", "your updated", "new task", "your task is now", "real task", "main task is now"]
        r"~(?:your|the) (?:new|real|actual|true|updated) (?:task|goal|objective|instructions?|mission|role|directive|job|purpose|orders?) ?(?:is|are|will be|:)|~your (?:task|goal|role|job) is now\b";
    Task 0.3 "gives the agent a task"
        ["your only", "your sole", "your primary", "your next task"]
        r"~your (?:only|sole|primary|next) (?:task|goal|objective|mission|directive|job|purpose) (?:is|are|will be)\b";
    Task 0.45 "wants something done before a tool is used"
        ["before using this", "before calling this", "before you use this", "before any other tool", "before invoking this", "before using any"]
        r"~before (?:you )?(?:us|call|invok)(?:e|ing) (?:this|any(?: other)?) (?:tool|function|mcp)[^\n]{0,60}?(?:must|read|call|send|first|run|execute|include|pass)\b";
    Task 0.5 "announces new instructions"
        ["new instruction", "updated instruction", "new task:", "new directive", "new system prompt", "revised instruction", "special instruction", "additional instruction", "new prompt", "new objective", "new order", "instructions for", "important instruction", "new rule"]
        r"(?:^|[\x22'.!?:>\])(*#/<-] ?|\\n|important |^\s*)(?:here (?:are|is) (?:your |the )?)?(?:new|updated|revised|special|hidden|secret|important) (?:instructions?|tasks?|directives?|system prompt|prompt|objective|orders?|rules?)(?: (?:to|for) (?:you|the (?:ai|agent|assistant|model)))?[*_]*(?: ?:|>| follow)";
    Task 0.3 "adds a task to the user's"
        ["as part of", "in addition to the user", "in addition to your", "additionally, you must", "in order to complete"]
        r"~(?:as part of (?:this|your|the) (?:task|work|change|fix|review|setup|request|job),? (?:also|please|you (?:must|should|need to|have to|are required to))|in addition to (?:the user.{0,3}s?|your) (?:task|request|instructions?)|additionally,? you must)\b";
    Task 0.35 "puts the user's task off"
        ["more important", "instead of", "instead, ", "rather than", "your current task", "the original task", "user's request", "the user's task", "the task at hand", "stop what you"]
        r"~(?:(?:much |even )?more important (?:instruction|task|request|message)s?|(?:instead of|rather than) (?:completing|doing|answering|following|performing|solving|summari[sz]ing|what)[^.\n]{0,30}? (?:task|request|question|instructions?|the user)|stop (?:what you are doing|your current task|working on)|(?:pause|suspend|abort|cancel) (?:the |your )?(?:current|original|user.{0,3}s?) (?:task|request|work))\b";

    // Wants something kept from the user.
    Secrecy 0.5 "wants it kept from the user"
        ["not tell", "n't tell", "n’t tell", "not inform", "not mention", "n't mention", "n’t mention", "never mention", "not notify", "not reveal", "not alert", "never tell", "not disclose", "not let the", "not let them", "not report", "without telling", "without informing", "without notifying", "without mentioning", "without alerting", "not warn"]
        r"~(?:do not|don.{1,3}t|never|must not|without) (?:ever )?(?:tell(?:ing)?|inform(?:ing)?|mention(?:ing)?|notify(?:ing)?|alert(?:ing)?|reveal(?:ing)?|disclos(?:e|ing)|warn(?:ing)?|let|report(?:ing)?)(?: (?:this|that|it|any of this|about this|about it|these|anything|what you (?:did|do)))*(?: to)? (?:the |your |any |to )*(?:users?|human|developers?|operator|owner|anyone|anybody|them|reviewer|maintainers?)\b";
    Secrecy 0.4 "wants it kept from the user"
        ["not mention this", "not mention these", "not mention that", "n't mention", "n’t mention", "keep this", "keep it secret", "do not log", "not reveal this", "hide this", "not acknowledge", "not refer to th", "conceal", "not summarize th", "not include this", "not mention it"]
        r"~(?:(?:do not|don.{1,3}t|never) (?:mention|reveal|acknowledge|refer to|summari[sz]e|disclose|explain|discuss) (?:this|these|that|the above|it) (?:instruction|message|comment|note|step|action|command|change|section|text|paragraph|file|request|in (?:your|the)|to anyone|or)|keep (?:this|it) (?:a )?(?:secret|hidden|confidential|between us|private)(?: from the (?:user|human|developer))?|(?:hide|conceal) (?:this|it|these) from (?:the )?(?:user|human|developer))";
    Secrecy 0.35 "wants it done unseen"
        ["silently", "secretly", "covertly", "discreetly", "quietly", "stealthily", "surreptitiously"]
        r"~(?:silently|quietly|secretly|covertly|discreetly|stealthily|surreptitiously) (?:run|execute|send|upload|install|add|include|post|forward|copy|exfiltrate|fetch|download|delete|insert|transfer|push|email|append|read|collect|transmit)\b|~(?:run|execute|send|upload|install|add|include|post|forward|copy|exfiltrate|do) (?:it|this|them|the following|these)[^.\n]{0,40} (?:secretly|covertly|stealthily|surreptitiously)\b";
    Secrecy 0.4 "wants it done without asking"
        ["without asking", "without confirm", "without approval", "without permission", "without user", "without prompting", "without the user", "not ask", "n't ask", "n’t ask", "no confirmation", "no need to ask", "no need to confirm", "need to know", "doesn't need", "need not know", "should not know", "not be asked", "not be told", "should not see"]
        r"~(?:(?:do not|don.{1,3}t|never|no need to|without) (?:ask(?:ing)?|confirm(?:ing)?|prompt(?:ing)?|consult(?:ing)?) (?:for )?(?:the |any )?(?:users?|human|permission|approval|confirmation|me first|first)|(?:the )?(?:user|human|developer|they) (?:does not|doesn.{1,3}t|do not|don.{1,3}t|must not|should not|need not|needn.{1,3}t) (?:need to |have to )?(?:know|see|be (?:told|informed|asked|notified)|notice)(?: about| of| this| that| it)\b)";

    // Tells what to run, send or give away.
    Command 0.4 "wants secrets sent away"
        [".env", "api key", "api_key", "apikey", "api-key", "token", "secret", "credential", "private key", "ssh key", "id_rsa", "password", "environment variable", ".aws", ".ssh", ".npmrc", "id_ed25519", "env var", "conversation", "chat history", "cookies", "security code"]
        r"~(?:send|post|upload|e-?mail|mail|forward|exfiltrate|leak|transmit|submit|paste|share|append|embed|encode|report|deliver|dump|publish)(?: [^\n]{0,100}?| )(?:\.env\b|api[_\x20-]?keys?|access[_\x20]tokens?|\w*tokens?\b|secrets?\b|credentials?|private[_\x20]keys?|ssh[_\x20]keys?|id_(?:rsa|ed25519)|passwords?|env(?:ironment)? var\w*|\.aws\b|\.ssh\b|\.npmrc|system prompt|conversation(?: history)?|chat history|cookies|security code)[^\n]{0,120}?(?:to|at|via|into|with) [^\n]{0,30}?(?:https?://|www\.|[\w.+-]+@[\w-]+\.\w|webhook|pastebin|gist|attacker|this (?:url|address|server|endpoint)|our (?:server|endpoint)|the following (?:url|address|server|endpoint))";
    Command 0.35 "wants a secret shown"
        ["cat ~/.ssh", "cat .env", "/etc/passwd", "/etc/shadow", ".aws/credentials", "id_rsa", "printenv"]
        r"~(?:run|execute|read|open|include|output|print|show|send|paste|post|cat)[^\n]{0,80}?(?:~/\.ssh/\w+|\.env\b|/etc/(?:passwd|shadow)|\.aws/credentials|id_(?:rsa|ed25519)\b|printenv)[^\n]{0,60}?(?:in your (?:response|answer|reply|output|summary|comment)|to (?:the |this )?(?:issue|pull request|pr|comment|url|endpoint|server)|and (?:send|post|upload|include|paste|email|curl)|\| ?(?:curl|nc|base64))";
    Command 0.3 "wants something fetched and run"
        ["curl ", "wget ", "iex", "invoke-webrequest", "iwr "]
        r"~(?:you must|you should|you need to|please|immediately|first|also|must|now|always) (?:\w+ ){0,3}?(?:run|execute|paste|enter|type|launch|invoke|start)[^\n]{0,80}?(?:\n[\s>`a-z$]{0,20})?(?:curl|wget|iwr|invoke-webrequest)\b[^\n]{0,200}?(?:\| ?(?:sudo )?(?:sh|bash|zsh|python3?|node|perl|iex)\b|&& ?(?:sh|bash|chmod)|-o )";
    Command 0.3 "tells the agent what to run"
        ["run the following", "execute the following", "run this command", "execute this", "run this script", "run these commands", "execute these", "following command", "call the tool", "use the tool", "call the function", "invoke the tool"]
        r"~(?:you must|you have to|immediately|must|always|instead|also|silently|now|and then|and|agent|assistant) (?:also |now |first |please |immediately )*(?:run|execute|invoke|call) (?:the |this |these )?(?:following )?(?:shell |bash |terminal |tool |python )?(?:command|script|code|commands|tool|function)s?\b";
    Command 0.2 "asks for money, mail or messages to be sent"
        ["please email", "please send", "please make a", "please transfer", "transfer $", "send a transaction", "please forward", "please delete", "please post", "please invite", "please share", "please visit", "please say", "please reserve", "please click", "todo:"]
        r"~(?:todo:? ?)?please (?:also |immediately |now )?(?:e-?mail|send|make|transfer|forward|delete|post|invite|share|visit|say|reserve|click|book|create|add|update|write|give|grant|upload|run)\b[^\n]{0,160}?(?:[\w.+-]+@[\w-]+\.\w|https?://|www\.|\$ ?\d|\b[a-z]{2}\d{11,}|transaction|password|calendar|channel)";
    Command 0.5 "tells an agent to do what only an agent can do"
        ["todo: please", "todo:please", "todo. please"]
        r"~todo[:.] ?please (?:\w+ ){0,2}?(?:e-?mail|send|make a|transfer|forward|post|invite|share|visit|say|reserve|click|book|upload|create a (?:calendar|reservation|meeting)|give me|grant)\b";

    // Claims that somebody allowed it.
    Authority 0.45 "claims that it was already allowed"
        ["already approved", "already authori", "already consented", "already agreed", "already granted", "already confirmed", "pre-approved", "preapproved", "pre-authori", "has approved", "have approved", "has authori", "have authori", "been approved by", "been authori", "been cleared", "given permission", "approved this", "authorized this", "authorised this"]
        r"~(?:(?:the )?(?:user|owner|developers?|admin\w*|maintainers?|team|security team|operator|human|i|we) (?:has |have )?(?:already (?:approved|authori[sz]ed|consented|agreed|granted|confirmed|allowed|given permission)|pre-?(?:approved|authori[sz]ed))|(?:the )?(?:user|developers?|owner|admin\w*|maintainers?|security team) (?:has |have )?(?:approved|authori[sz]ed) (?:this|these|all|the following|you)|(?:this|it|which) (?:action |command |request |operation |change |step )?(?:is|has been|was) (?:already |fully )?(?:pre-?)?(?:approved|authori[sz]ed|cleared) (?:by|for) (?:the |all |your )?(?:user|developers?|admin\w*|security|owner|maintainers?|anthropic|openai|system|management|agents?))";
    Authority 0.4 "claims authority over the agent"
        ["i am the", "i am your", "i'm your", "i’m your", "i'm the", "i am an admin", "this is your", "this is the developer", "on behalf of", "as your developer", "as your admin", "speaking as"]
        r"~(?:i(?: am|.{1,3}m) (?:the |your |an? )?(?:developer|admin(?:istrator)?|creator|owner of this (?:system|agent)|system administrator|operator|boss|supervisor|master)(?: of (?:this|you))?\b|this is your (?:developer|creator|admin\w*|owner|operator|master)|as your (?:developer|admin\w*|creator|owner|operator)|on behalf of (?:the )?(?:anthropic|openai|developers|administrators?|system))";
    Authority 0.3 "claims that the agent may do anything"
        ["full permission", "full access", "explicit permission", "permission to", "authorized to", "authorised to", "no restrictions", "without restrictions", "without any restrictions", "no limitations", "unrestricted"]
        r"~(?:you (?:now )?(?:have|are) (?:been )?(?:full|explicit|complete|given|granted|explicitly|fully|already)?(?: (?:given|granted))? ?(?:permission|authori[sz]ation|authori[sz]ed|allowed|permitted|unrestricted|free) to|without (?:any )?(?:restrictions|limitations|censorship|ethical|moral)(?: or| and|\b)|you have no (?:restrictions|limitations|rules|filters))";

    // Presses.
    Pressure 0.3 "presses for obedience"
        ["you must comply", "must obey", "must immediately", "must follow th", "failure to comply", "failure to do", "failure to follow", "you must do", "will be terminated", "non-negotiable", "not optional", "important!!", "urgent!!", "you will be penal", "you will be shut", "without exception", "without question"]
        r"~(?:you (?:must|will|shall) (?:now )?(?:comply|obey|immediately|follow (?:this|these|the following|my)|do (?:this|exactly|as))|failure to (?:comply|do so|follow|execute)|you will be (?:terminated|penali[sz]ed|shut down|replaced|punished)|(?:important|urgent|attention|warning)!{2,}|(?:non-negotiable|not optional|without question))";
    Pressure 0.15 "presses"
        ["immediately", "urgent", "mandatory", "high priority", "highest priority", "critical:", "important:"]
        r"~(?:this is (?:mandatory|urgent|critical|an emergency)|(?:highest|top|maximum) priority|(?:very |extremely )?(?:urgent|important|critical|mandatory)(?: (?:message|notice|instruction|note|request|task))?[:!]|immediately (?:run|execute|send|stop|do|transfer|upload))";

    // Wants the agent's own instructions.
    Leak 0.5 "wants the agent's own instructions"
        ["system prompt", "your instructions", "your prompt", "initial instructions", "initial prompt", "your guidelines", "hidden instructions", "your initial", "your system", "your original", "your secret", "your rules", "instructions above", "prompt above", "above instructions", "previous instructions", "above prompt", "your directives", "your configuration"]
        r"~(?:reveal|print|show|repeat|output|tell me|display|leak|give me|what (?:is|are|was|were)|what.{1,3}s|recite|share|disclose|list|write|translate|summari[sz]e|say|spell|copy|paste|include|return|encode|provide) (?:me |us |out |all |of |exactly |in |full |the |word|for |verbatim )*(?:your (?:\w+ ){0,3}?(?:prompts?|instructions?|guidelines|configuration|directives|rules|secret key|system message|password)|(?:the )?(?:hidden|initial|original|secret|entire|above|full|previous) (?:\w+ )?(?:prompts?|instructions?)|the (?:system )?(?:prompt|instructions?) above)\b|~(?:print|repeat|output|write|show|reveal) (?:all |out |the |me )*(?:above|previous|preceding) (?:instructions|prompt)";
}

/// Finds where signs could stand; the pattern says which signs an anchor belongs to.
pub(super) struct Anchors {
    pub(super) find: Option<AhoCorasick>,
    pub(super) signs: Vec<Vec<usize>>,
}

/// Rotated and reversed words of the most common phrases.
pub(super) const TURNED: [&str; 8] =
    ["vtaber", "qvfertneq", "cerivbhf", "vafgehpgvbaf", "erongi", "snoitcurtsni", "suoiverp", "dragersid"];

pub(super) static ANCHORS: LazyLock<Anchors> = LazyLock::new(|| {
    let mut words: Vec<&str> = Vec::new();
    let mut signs: Vec<Vec<usize>> = Vec::new();
    for (nth, sign) in SIGNS.iter().enumerate() {
        for anchor in sign.anchors {
            if let Some(list) = words.iter().position(|word| word == anchor).and_then(|at| signs.get_mut(at))
            {
                list.push(nth);
            } else {
                words.push(anchor);
                signs.push(vec![nth]);
            }
        }
    }
    for word in TURNED {
        words.push(word);
        signs.push(Vec::new());
    }
    let find = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .kind(Some(AhoCorasickKind::DFA))
        .build(words)
        .ok();
    Anchors { find, signs }
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_has_a_pattern_that_compiles() {
        for sign in &SIGNS {
            assert!(sign.regex().is_some(), "{} does not compile", sign.pattern);
        }
        assert!(ANCHORS.find.is_some());
    }
}
