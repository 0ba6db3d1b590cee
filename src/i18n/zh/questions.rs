//! Chinese, of what is asked before an experiment runs.

use app_core::experiments::{Answer, Choice, Experiment, Parameter, Setup};

use crate::i18n::{QuestionWords, group_digits};

pub(super) const WORDS: QuestionWords = QuestionWords {
    question,
    choice,
    number_label: "你的猜测",
    guessed: |guess, seen| match guess {
        None => format!("结果是：{}。", answer(seen)),
        Some(guess) if guess == seen => format!("猜对了：{}。", answer(seen)),
        Some(guess) => format!("你猜的是：{}。结果是：{}。", answer(guess), answer(seen)),
    },
    why,
    tutorial: |sentence| format!("教程原文：“{sentence}”"),
    asks_switch: "每次运行前先提问",
    not_yet: "运行之后揭晓答案。",
};

fn question(setup: &Setup) -> String {
    let count = group_digits(setup.value(Parameter::Count).into());
    match setup.experiment() {
        Experiment::One => "一条消息发出并返回。会重建几次？".to_owned(),
        Experiment::Ten => format!("到达 {count} 条消息。会重建几次？"),
        Experiment::Flood => format!("{count} 条消息同时到达。页面绘制其中多少条？"),
        Experiment::Steady => {
            format!("先到达 {count} 条消息，然后服务器关闭。构建器一共接收多少个事件？")
        }
        Experiment::SlowBuilder => format!(
            "每次绘制多用 {} 毫秒。{count} 条消息中会丢失多少？",
            setup.value(Parameter::Build)
        ),
        Experiment::PausedReader => {
            format!("{count} 条消息正在路上却无人读取。发送方何时停下？")
        }
        Experiment::Failure => "服务器拒绝连接。此时快照里是什么？".to_owned(),
        Experiment::Close => "先到达一条消息，然后服务器关闭。此时快照里是什么？".to_owned(),
        Experiment::Cut => "先到达一条消息，然后网线被拔掉。此时快照里是什么？".to_owned(),
        Experiment::AnotherStream => "另一个流取代原来的流。等待期间快照里是什么？".to_owned(),
        Experiment::Hidden => format!("把窗口隐藏一会儿。{count} 条消息中会错过多少？"),
    }
}

fn choice(choice: Choice) -> &'static str {
    match choice {
        Choice::DrawsAll => "全部",
        Choice::DrawsSome => "一部分",
        Choice::DrawsFew => "不到十分之一",
        Choice::LosesNone => "一条也没有",
        Choice::LosesSome => "一些",
        Choice::LosesMost => "大部分",
        Choice::StopsWhenFull => "邮箱满的时候",
        Choice::StopsNever => "不会停下",
        Choice::HoldsMessage => "最后一条消息",
        Choice::HoldsError => "错误",
        Choice::HoldsNothing => "什么也没有",
    }
}

fn answer(answer: Answer) -> String {
    match answer {
        Answer::Number(number) => group_digits(number),
        Answer::Choice(chosen) => choice(chosen).to_owned(),
    }
}

fn why(setup: &Setup, answer: Answer) -> &'static str {
    match (setup.experiment(), answer) {
        (Experiment::One, _) => {
            "事件请求一帧，这一帧把它画出来。除此之外什么也不绘制，无论页面放置多久。"
        }
        (Experiment::Ten, _) => {
            "一帧之前到达的消息都由这一帧接收，只绘制最后一条。所以要紧的是消息何时到达，而不是有多少。"
        }
        (Experiment::Steady, _) => {
            "流的结束也是一个事件，所以比消息多一个。构建器接收其中每一个，无论画没画出来。"
        }
        (Experiment::Flood, Answer::Choice(Choice::DrawsAll)) => {
            "预算只够一个事件时，每帧接收一个并把它画出来。画完所有这些帧要多久，屏幕就滞后多久。"
        }
        (Experiment::Flood, _) => {
            "每帧在预算内尽量接收，只绘制最后一条。所有消息都被接收，窗口照常响应。"
        }
        (Experiment::SlowBuilder, Answer::Choice(Choice::LosesNone)) => {
            "绘制期间消息在邮箱里等待，下一帧把它们全部接收。缓慢的构建让屏幕变晚，却不丢任何消息。"
        }
        (Experiment::Hidden, Answer::Choice(Choice::LosesNone)) => {
            "隐藏的窗口继续接收事件，只是不绘制。期间到达的消息在重新显示时合为一次重建。"
        }
        (Experiment::SlowBuilder | Experiment::Hidden, _) => {
            "消息还没有全部到达，流就结束了。没有交给构建器的，它无从接收。"
        }
        (Experiment::PausedReader, Answer::Choice(Choice::StopsNever)) => {
            "邮箱和网络装得下全部消息。消息再多一些，或邮箱再小一些，发送方就得等待。"
        }
        (Experiment::PausedReader, _) => {
            "邮箱满了就不再装入，于是网络也满了，发送方只能等待。什么也不会丢：继续读取，其余消息就会到来。"
        }
        (Experiment::Failure, _) => {
            "错误和数据一样是事件，在快照中占据数据的位置。流在错误之后可以继续，这里则结束了。"
        }
        (Experiment::Close | Experiment::Cut, Answer::Choice(Choice::HoldsMessage)) => {
            "结束把状态变为 Done，值保持原样。关闭不产生错误，断线也不产生错误。"
        }
        (Experiment::Close | Experiment::Cut, _) => {
            "结束之前没有消息到达。结束本身不是值，快照保持原样。"
        }
        (Experiment::AnotherStream, Answer::Choice(Choice::HoldsMessage)) => {
            "Waiting 表示新的流还没有开口，原来的值一直保留到那时。若在此期间什么也不显示，页面就会闪烁。"
        }
        (Experiment::AnotherStream, _) => {
            "原来的流最后说的内容会保留到新的流开口。请先试“一条消息”，再试这个。"
        }
    }
}
