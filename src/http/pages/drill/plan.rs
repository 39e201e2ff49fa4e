//! A drill is planned: area, operators, languages, texts. Then what phones would show; then it waits for another person.

use super::super::failed::Failed;
use super::super::fields::Fields;
use super::super::frame::Frame;
use super::super::places::{self, Group};
use super::super::sheet::{self, FaultRow, Sheet};
use super::super::visit::{Post, Signed};
use super::super::{Console, render};
use crate::dispatch::IssueError;
use crate::drill::wanted::WantedText;
use crate::drill::{DrillPlan, Language, Mode, Wanted};
use crate::http::problem::Problem;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use nadhir_core::fault::Fault;

#[derive(Template)]
#[template(path = "drill/plan.html")]
struct Plan {
    f: Frame,
    mode: Mode,
    places: Vec<Group>,
    areas: String,
    name: String,
    operators: Vec<Tick>,
    languages: Vec<LanguageRow>,
    /// Whether any language has a text of its own.
    own_texts: bool,
    public: bool,
    faults: Vec<FaultRow>,
}

/// A box to tick.
struct Tick {
    value: String,
    ticked: bool,
}

/// One language, and its own text if it has one.
struct LanguageRow {
    code: &'static str,
    exercise: &'static str,
    required: bool,
    ticked: bool,
    text: WantedText,
}

#[derive(Template)]
#[template(path = "drill/preview.html")]
struct Preview {
    f: Frame,
    s: Sheet,
    mode: Mode,
    participants: Vec<String>,
    wanted: Wanted,
}

/// `GET /drill/plan`
pub(in super::super) async fn fill(
    State(console): State<Console>,
    signed: Signed,
) -> Result<Response, Failed> {
    if !signed.session.role.may_drill() {
        let problem = Problem::new(StatusCode::FORBIDDEN, "role", "Not yours to do", "");
        return Err(Failed::new(signed.frame, problem));
    }
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let operators = console.hub.operators().iter().map(|name| field("operator", name));
    let languages = Language::ALL.iter().map(|language| field("language", language.code()));
    let fields = Fields::new(operators.chain(languages).collect());
    Ok(render(&form(&console, signed.frame, &fields, &[])))
}

/// `POST /drill/plan`: what phones would show.
pub(in super::super) async fn preview(
    State(console): State<Console>,
    post: Post,
) -> Result<Response, Failed> {
    let f = post.signed.frame;
    let (wanted, plan) = match planned(&console, &f, &post.fields) {
        Ok(planned) => planned,
        Err(faults) => return Ok(refused(&console, f, &post.fields, &faults)),
    };
    let cap = plan.cap(console.hub.profile(), f.now);
    let prepared = match console.hub.look(&post.signed.session.person.id, &cap).await {
        Ok(prepared) => prepared,
        Err(IssueError::Invalid(faults, _)) => return Ok(refused(&console, f, &post.fields, &faults)),
        Err(e) => return Err(Failed::new(f, e)),
    };
    let summary = serde_json::to_value(prepared.summary()).unwrap_or_default();
    let s = sheet::sheet(&console, f.lang, &summary, &cap);
    let mut f = f.of_class("drill");
    "/drill/plan".clone_into(&mut f.path);
    let participants = wanted.operators.clone().unwrap_or_default();
    Ok(render(&Preview { s, mode: console.mode(), participants, wanted, f }))
}

/// `POST /drill`: it waits for another person, like any warning.
pub(in super::super) async fn ask(State(console): State<Console>, post: Post) -> Result<Response, Failed> {
    let Signed { session, frame } = post.signed;
    let plan = match planned(&console, &frame, &post.fields) {
        Ok((_, plan)) => plan,
        Err(faults) => return Ok(refused(&console, frame, &post.fields, &faults)),
    };
    match console.hub.submit(&session.person, plan.cap(console.hub.profile(), frame.now)).await {
        Ok(issued) => Ok(Redirect::to(&format!("/warnings/{}", issued.warning)).into_response()),
        Err(IssueError::Invalid(faults, _)) => Ok(refused(&console, frame, &post.fields, &faults)),
        Err(e) => Err(Failed::new(frame, e)),
    }
}

/// What the form asks for, and the plan of it; or every fault of both.
fn planned(console: &Console, f: &Frame, fields: &Fields) -> Result<(Wanted, DrillPlan), Vec<Fault>> {
    let mut faults = Vec::new();
    let area = places::chosen(fields, console.hub.index(), &mut faults);
    let wanted = Wanted { area: area.iter().map(|r| r.code.clone()).collect(), ..wanted(fields) };
    let plan = wanted.plan(console.hub.index(), console.hub.operators(), console.mode(), f.now);
    match plan {
        Ok(plan) if faults.is_empty() => Ok((wanted, plan)),
        Ok(_) => Err(faults),
        Err(more) => {
            // A name that is none is told as such; that nothing else was named then is no fault of its own.
            let named = !faults.is_empty();
            faults.extend(more.into_iter().filter(|fault| !named || fault.code != "area.none"));
            Err(faults)
        }
    }
}

/// What the form says, but for the area.
fn wanted(fields: &Fields) -> Wanted {
    let all = |name| fields.all(name).map(str::to_owned).collect();
    let text = |language: &Language| WantedText {
        language: language.code().to_owned(),
        headline: field(fields, "headline", *language),
        description: field(fields, "description", *language),
        instruction: field(fields, "instruction", *language),
    };
    Wanted {
        area: vec![],
        name: fields.get("name").to_owned(),
        operators: Some(all("operator")),
        languages: Some(all("language")),
        texts: Language::ALL.iter().map(text).filter(WantedText::is_given).collect(),
        public: fields.get("public") == "yes",
    }
}

fn field(fields: &Fields, name: &str, language: Language) -> String {
    fields.get(&format!("{name}-{}", language.code())).to_owned()
}

fn refused(console: &Console, f: Frame, fields: &Fields, faults: &[Fault]) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, render(&form(console, f, fields, faults))).into_response()
}

fn form(console: &Console, f: Frame, fields: &Fields, faults: &[Fault]) -> Plan {
    let asked = wanted(fields);
    let named = |all: &Option<Vec<String>>, value: &str| all.iter().flatten().any(|own| own == value);
    let operator = |name: &String| Tick { value: name.clone(), ticked: named(&asked.operators, name) };
    let language = |language: &Language| LanguageRow {
        code: language.code(),
        exercise: language.exercise(),
        required: matches!(language, Language::Arabic | Language::English),
        ticked: named(&asked.languages, language.code()),
        text: asked.texts.iter().find(|text| text.language == language.code()).cloned().unwrap_or_default(),
    };
    let faults = sheet::rows(faults, f.lang);
    let mut f = f.of_class("drill");
    "/drill/plan".clone_into(&mut f.path);
    Plan {
        mode: console.mode(),
        places: places::groups(console.hub.index(), f.lang, fields),
        areas: fields.get("areas").to_owned(),
        name: asked.name.clone(),
        operators: console.hub.operators().iter().map(operator).collect(),
        languages: Language::ALL.iter().map(language).collect(),
        own_texts: !asked.texts.is_empty(),
        public: asked.public,
        faults,
        f,
    }
}
