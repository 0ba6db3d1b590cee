//! Chinese, of ways to take events in.

use app_core::comparison::{
    Figure, Figures, MAX_COMPARED, MAX_SPAN, Measure, Subject, Swept, View, Way,
};

use crate::i18n::comparison::{ComparisonWords, group_list, short_value};
use crate::i18n::{group_digits, short_time};

pub(super) const WORDS: ComparisonWords = ComparisonWords {
    views: "录制的视图",
    view: |view| match view {
        View::Happened => "实际经过",
        View::SideBySide => "比较",
        View::OverRange => "参数曲线",
        View::Marbles => "弹珠图",
    },
    about_view: |view| match view {
        View::Happened => "应用自己如何处理这些事件",
        View::SideBySide => {
            "同样的事件，以不同方式进入帧循环。这里运行的是真实的循环，只有时钟和屏幕是模拟的。"
        }
        View::OverRange => "一个参数取遍其范围，其余不变。点任一取值，可打开它的各次运行。",
        View::Marbles => {
            "上面是事件，下面是重建。拖动一个事件，或用左右方向键移动选中的事件（按住 Shift 每次 10 毫秒），\
             同一份代码会立即重新分组。"
        }
    },
    nothing: "还没有事件。请先在上面试一个，再来比较。",
    subject,
    assumed: |setup| {
        format!(
            "假定：屏幕 {:.0} Hz；构建页面 {}，处理一个事件 {}；每帧预算 {}。",
            1.0 / setup.refresh.as_secs_f64(),
            short_time(setup.costs.build),
            short_time(setup.costs.event),
            short_time(setup.budget),
        )
    },
    take_button: ("采用当前事件", "比较截至所示时刻的事件"),
    follow_button: ("跟随", "实时录制的新事件到来后不久，也会加入比较"),
    put_back_button: ("恢复录制原样", "撤销在此所做的全部改动"),
    save_button: ("保存图形", "把这里的图保存为 SVG 文件"),
    running: "正在运行…",
    ways: "方式",
    way: |way| match way {
        Way::StreamBuilder => "StreamBuilder",
        Way::DrainAll => "一次取完",
        Way::OneAFrame => "每帧一个",
        Way::Polling => "轮询",
        Way::RepaintEach => "逐个重绘",
    },
    about_way: |way| match way {
        Way::StreamBuilder => {
            "在预算内接收事件，然后绘制最新的一个：没有事件就没有帧，也没有过长的帧。"
        }
        Way::DrainAll => "一次取完所有事件，不论要多久：帧很少，但大量事件会让页面在一帧里停住。",
        Way::OneAFrame => {
            "每帧只接收一个事件，这是最常见的错误：每个事件都会绘制，但一批事件中，前面有几个就晚几帧。"
        }
        Way::Polling => "每秒查看 60 次有没有新事件：从不晚太多，但一直在绘制，多数帧没有新内容。",
        Way::RepaintEach => {
            "每个事件都请求一帧，并取完所有事件：帧数与一次取完相同，但每个事件都有一次请求。"
        }
    },
    events: |count| format!("{} 个事件", group_digits(count as u64)),
    named: |name, text| format!("{name}：{text}"),
    summary,
    cut: |left_over| {
        format!("中途截止：有 {} 个事件未被接收，不计入数字。", group_digits(left_over as u64))
    },
    moment: "比较的时刻",
    on_screen: |at, event| match event {
        None => format!("{}：屏幕上还没有内容", short_time(at)),
        Some(event) => {
            format!("{}：屏幕上是事件 {}", short_time(at), group_digits(event as u64))
        }
    },
    figures: "数字",
    figure: |figure| match figure {
        Figure::Frames => "帧",
        Figure::Rebuilds => "重建",
        Figure::NeverShown => "从未显示",
        Figure::NewestMedian => "最新，中位数",
        Figure::NewestP99 => "最新，99 %",
        Figure::NewestMax => "最新，最长",
        Figure::EveryMedian => "全部，中位数",
        Figure::EveryP99 => "全部，99 %",
        Figure::EveryMax => "全部，最长",
        Figure::Cpu => "帧占用 CPU",
        Figure::LongestFrame => "最长的帧",
    },
    about_figure: |figure| match figure {
        Figure::Frames => "全部帧，直到最后一个事件显示后 0.2 秒",
        Figure::Rebuilds => "有新内容的帧",
        Figure::NeverShown => "还没有帧显示就被更新的事件取代的事件",
        Figure::NewestMedian | Figure::NewestP99 | Figure::NewestMax => {
            "从一帧所显示的事件到达，到它出现在屏幕上"
        }
        Figure::EveryMedian | Figure::EveryP99 | Figure::EveryMax => {
            "从任一事件到达，到它或更新的事件出现在屏幕上"
        }
        Figure::Cpu => "处理器在所有帧中所用的时间",
        Figure::LongestFrame => "一帧占用页面的最长时间",
    },
    parameters: "参数",
    swept,
    parameter_at: |parameter, value| format!("{} {}", swept(parameter), short_value(value)),
    measures: "所绘数据",
    measure: |measure| match measure {
        Measure::Latency => "最长延迟",
        Measure::Rebuilds => "重建次数",
    },
    marble: |number, count, at| {
        format!(
            "第 {} 个事件，共 {} 个，在 {}",
            group_digits(number as u64),
            group_digits(count as u64),
            short_time(at)
        )
    },
    marbles: "要移动的事件",
    previous_marble: ("‹ 上一个", "选择上一个事件（上方向键）"),
    next_marble: ("下一个 ›", "选择下一个事件（下方向键）"),
    figures_of: |name, figures| {
        let figures: Vec<_> = figures
            .iter()
            .map(|(way, figure)| format!("{} {}", (WORDS.way)(*way), short_value(*figure)))
            .collect();
        format!("{name}：{}", figures.join("，"))
    },
    groups: |rebuilds| match rebuilds.len() {
        0 => "没有重建".to_owned(),
        count => format!(
            "{} 次重建，分别包含事件 {}",
            group_digits(count as u64),
            group_list(rebuilds, "、")
        ),
    },
    drawing_title: |subject| format!("接收事件的各种方式：{}", subject_short(subject)),
};

fn swept(swept: Swept) -> &'static str {
    match swept {
        Swept::BurstSize => "一批的数量",
        Swept::Budget => "每帧预算",
        Swept::EventCost => "每个事件的开销",
        Swept::BuildCost => "每次构建的开销",
    }
}

/// What is compared, in few words.
fn subject_short(subject: &Subject) -> String {
    let events = (WORDS.events)(subject.arrivals().len());
    match subject.point() {
        None => events,
        Some((Swept::BurstSize, _)) => format!("一批 {events}"),
        Some((parameter, value)) => {
            format!("{events}，{} {}", swept(parameter), short_value(value))
        }
    }
}

fn subject(subject: &Subject, newer: u64) -> String {
    let mut text = match subject.point() {
        None => format!("正在比较：录制中的 {}。", (WORDS.events)(subject.arrivals().len())),
        Some(_) => format!("正在比较：{}，而非录制中的情形。", subject_short(subject)),
    };
    if subject.is_moved() {
        text.push_str("有事件被移动过。");
    }
    let recorded = subject.recorded();
    if recorded.left_out() > 0 && subject.point().is_none() {
        let (first, last) = recorded.numbers();
        text.push_str(&format!(
            "它们是录制中的第 {} 至 {} 个事件，在此从 1 数起：最多比较 {} 秒之内的 {} 个。",
            group_digits(first),
            group_digits(last),
            MAX_SPAN.as_secs(),
            group_digits(MAX_COMPARED as u64),
        ));
    }
    if newer > 0 {
        text.push_str(&format!("之后又来了 {} 个，不在其中。", group_digits(newer)));
    }
    text
}

fn summary(figures: &Figures) -> String {
    let Figures { frames, rebuilds, every, cpu, .. } = figures;
    format!(
        "{} 帧，其中 {} 次重建；所有事件在 {} 内出现在屏幕上；CPU {}",
        group_digits(*frames as u64),
        group_digits(*rebuilds as u64),
        short_time(every.max),
        short_time(*cpu),
    )
}
