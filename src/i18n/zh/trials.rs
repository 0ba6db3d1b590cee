//! Chinese, of an experiment's parameters and of its link.

use app_core::experiments::{
    Experiment, LinkPart, LinkProblem, Pace, Parameter, Setup, link::MAX_LINK_BYTES,
};

use crate::i18n::{TrialWords, group_digits};

pub(super) const WORDS: TrialWords = TrialWords {
    parameter: |parameter| match parameter {
        Parameter::Count => "消息数",
        Parameter::Pace => "到达方式",
        Parameter::Rate => "每秒条数",
        Parameter::Seed => "种子",
        Parameter::Size => "每条字节数",
        Parameter::Budget => "预算（毫秒）",
        Parameter::Build => "绘制（毫秒）",
        Parameter::Inbox => "邮箱容量",
    },
    about_parameter: |parameter| match parameter {
        Parameter::Count => "一共到达多少条消息",
        Parameter::Pace => "消息何时到达",
        Parameter::Rate => "平均每秒到达多少条消息",
        Parameter::Seed => "同一个种子在任何地方都给出同样的随机时刻",
        Parameter::Size => "每条消息的长度；全部消息合计不超过 256 MiB",
        Parameter::Budget => "一帧最多用多长时间接收事件；为 0 时每帧只接收一个",
        Parameter::Build => "绘制新内容要多用多长时间",
        Parameter::Inbox => "最多有多少条消息等待读取，再多发送方就得等待",
    },
    bounds: |least, most| {
        format!("{} 至 {}", group_digits(least.into()), group_digits(most.into()))
    },
    pace: |pace| match pace {
        Pace::AtOnce => "一次全部",
        Pace::Steady => "匀速",
        Pace::Random => "随机",
    },
    run_button: "运行",
    reset_button: "恢复默认",
    copy_button: "复制链接",
    in_force,
    bad_link: |problem| format!("无法读取此链接。{}", link_problem(problem)),
};

fn in_force(setup: &Setup) -> Option<String> {
    let changes = |parameter| {
        let default = Setup::new(Experiment::Ten).value(parameter);
        (setup.value(parameter) != default).then(|| setup.value(parameter))
    };
    let budget = changes(Parameter::Budget).map(|ms| format!("每帧预算为 {ms} 毫秒"));
    let build = changes(Parameter::Build).map(|ms| format!("绘制多用 {ms} 毫秒"));
    let parts: Vec<String> = [budget, build].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| format!("运行期间，{}。", parts.join("，")))
}

/// What is wrong with a link, where, and what is allowed there.
pub(super) fn link_problem(problem: &LinkProblem) -> String {
    let LinkProblem { part, at, found } = problem;
    let found = match found.as_str() {
        "" => "没有内容".to_owned(),
        found => format!("是“{found}”"),
    };
    let allowed = match part {
        LinkPart::Version => "链接以版本号 1 开头".to_owned(),
        LinkPart::Experiment => {
            format!("可用的实验有 {}", Experiment::ALL.map(Experiment::name).join("、"))
        }
        LinkPart::Name(experiment) => match names(*experiment) {
            names if names.is_empty() => "这个实验没有参数".to_owned(),
            names => format!("这里可以设置（每项一次）{names}"),
        },
        LinkPart::Value { parameter: Parameter::Pace, .. } => {
            format!("pace 可以是 {}", Pace::ALL.map(Pace::name).join("、"))
        }
        LinkPart::Value { parameter, least, most } => format!(
            "{} 是 {} 到 {} 之间的整数",
            parameter.name(),
            group_digits((*least).into()),
            group_digits((*most).into())
        ),
        LinkPart::Length => format!("链接最多 {MAX_LINK_BYTES} 字节"),
    };
    format!("第 {at} 个字符处{found}；{allowed}。")
}

fn names(experiment: Experiment) -> String {
    let names: Vec<_> = Parameter::of(experiment).iter().map(|it| it.name()).collect();
    names.join("、")
}
