"""What the page's own headings, buttons and hints say."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from sim.words import Sentence, Text, say

LANGUAGES = MappingProxyType({"en": "English", "ar": "العربية"})
"""Languages by their own names, for whoever looks for theirs."""

_QUESTIONS = (
    *("bound", "deadlock", "probability", "what-holds", "least", "latest"),
    *("best", "sensitivity", "go-or-wait", "policies"),
)

LABELS: Mapping[str, Sentence] = MappingProxyType(
    {
        "name": say("Evacuation convoys"),
        "main": say("Main pages"),
        "cases": say("Cases"),
        "studies": say("Studies"),
        "follow": say("Follow"),
        "noted": say("Please note"),
        "reading_only": say("Shared for reading only: nothing can be changed here."),
        # cases
        "own_cases": say("Cases and their variants"),
        "past_cases": say("Past operations, as they were seen before they began"),
        "no_cases": say("There is no case yet. Begin one below."),
        "begin": say("Begin a case"),
        "begin_hint": say(
            "It takes the shape of another one and runs as it is; every value in it is "
            "to be replaced."
        ),
        "first_day": say("First day"),
        "first_day_hint": say(
            "Every date in it is moved so that it starts on that day. If empty, its "
            "dates are those of the other one."
        ),
        "case_name": say("Name"),
        "case_name_hint": say(
            "As you call it, in any script. For addresses and files a short name of "
            "letters 'a' to 'z' is made of it."
        ),
        "like": say("Like"),
        "form_of_file": say("Kept as"),
        "as_text": say("text (YAML)"),
        "as_workbook": say("workbook (Excel)"),
        "begin_button": say("Begin"),
        "bring": say("Bring a file"),
        "bring_hint": say(
            "A scenario as text (.yaml) or workbook (.xlsx). It is kept, though there "
            "may be mistakes in it, and each is shown beside its line or cell. A list "
            "of your own in Excel is not brought in here: begin a case, and paste the "
            "lines of the list under 'Change something', 'Sites', 'Add several sites "
            "at once'. Or begin a case kept as a workbook, download its file, copy the "
            "list into its sheets, and bring it in again at 'Show and edit the text'."
        ),
        "file": say("File"),
        "bring_button": say("Bring it in"),
        "case_name_empty": say("If empty, that of the file."),
        # one case
        "actions": say("What to do with it"),
        "run_it": say("Run it"),
        "change_it": say("Change something"),
        "compare_it": say("Compare variants"),
        "ask_it": say("Ask a question"),
        "show_text": say("Show and edit the text"),
        "download": say("Download the file"),
        "remove_case": say("Remove this case"),
        "remove_case_hint": say(
            "It goes with its variants, its evidence and all that lies in its folder; "
            "nothing brings it back. Download its file first if you may want it. What "
            "studies of it have said is kept."
        ),
        "remove_variant": say("Remove this variant"),
        "remove_variant_hint": say(
            "Nothing brings it back. What studies of it have said is kept."
        ),
        "remove_case_sure": say("Yes, remove it"),
        "map": say("Map"),
        "map_north": say("North is up; distances are not to scale."),
        "map_order": say(
            "Places stand in the order of the routes; the scenario does not say where "
            "they are."
        ),
        "map_alt": say("A schematic map of the places and the ways between them."),
        "check": say("Check"),
        "check_fine": say("Nothing is wrong with it."),
        "check_bad": say("It cannot be run as it is. What is wrong:"),
        "check_notes": say("Allowed, but perhaps not meant:"),
        "differs": say("What differs from {base}"),
        "differs_base": say("What differs from the case as it is"),
        "nothing_differs": say("Nothing differs."),
        # text
        "text_of": say("Text of {name}"),
        "text_label": say("The scenario as text"),
        "text_hint": say(
            "It is checked when it is saved; mistakes are shown with their line."
        ),
        "numbered": say("The text with its lines numbered"),
        "save": say("Save"),
        "workbook_hint": say(
            "This is a workbook: download it, change it in a spreadsheet, and bring it "
            "in again here."
        ),
        "replace_hint": say("It takes the place of the one that is there."),
        # evidence
        "show_evidence": say("Evidence and sources"),
        "evidence_of": say("Evidence of {name}"),
        "table evidence": say("Documented figures"),
        "table sources": say("Sources"),
        "table_hint evidence": say(
            "A row for each number that somebody has documented, with who says so and "
            "when. What each column means stands below."
        ),
        "table_hint sources": say("A row for each document that the figures cite."),
        "no_table": say("There is none yet. Bring one in, or write it below."),
        "no_table_here": say(
            "There is none, and none can be added here: it belongs into the workbook, "
            "or into the case that this one extends."
        ),
        "in_workbook": say(
            "It stands in the workbook: download that, change it in a spreadsheet, and "
            "bring it in again."
        ),
        "table_fine": say("Nothing is wrong with this table."),
        "table_later": say(
            "Nothing was found here so far. It is checked in full once the other table "
            "can be read."
        ),
        "table_bad": say("What is wrong with this table:"),
        "row_number": say("Row"),
        "columns_mean": say(
            "The columns: what each says, what is allowed there, and an example"
        ),
        "column": say("Column"),
        "column_says": say("What it says"),
        "column_takes": say("What is allowed"),
        "column_example": say("Example"),
        "column_needed": say("No row may leave it empty."),
        "column_free": say("It may be empty."),
        "one_of_words": say("One of:"),
        "metrics_mean": say("Metrics: what stands in the column 'metric'"),
        "metric_unit": say("Unit"),
        "metric_windows": say("'from' and 'to'"),
        "metric_keys": say("Keys of 'select'"),
        "metric_whole": say("whole numbers"),
        "key_needed": say("needed"),
        "words_mean from": say("'from' and 'to', by metric"),
        "words_mean select": say("Keys of the column 'select'"),
        "words_mean bound": say("Words of the column 'bound'"),
        "words_mean role": say("Words of the column 'role'"),
        "table_example": say(
            "The names of the columns and the example, as text to begin with; it is "
            "invented:"
        ),
        "bring_table": say("Bring a table"),
        "bring_table_hint": say(
            "As CSV (UTF-8), or a workbook of which the sheet '{sheet}' is taken. It "
            "takes the place of what is there, and is kept though there may be "
            "mistakes in it."
        ),
        "table_text": say("The table as text"),
        "table_text_hint": say(
            "Cells have commas between them; a cell with a comma in it stands in "
            "quotation marks. The first row names the columns: {columns}"
        ),
        # change
        "change_title": say("Change {name}"),
        "so_far": say("Changes so far"),
        "none_so_far": say("None yet. Take one from below."),
        "drop_change": say("Take it back: {change}"),
        "ready_made": say("Ready-made changes"),
        "add": say("Add this change"),
        "shift": say("Move every date, or every date from a moment on"),
        "earlier": say("Move an agreement and all that is dated after it"),
        "other-side-stops": say("The other side stops for a time"),
        "half-the-fleet": say("Half of a fleet leaves"),
        "curfew": say("Nobody sets out on a road at other hours"),
        "one_field": say("Fields, by section"),
        "ready_hint shift": say(
            "By how much: '24 h' is later, '-24 h' is earlier. 'from' and a moment "
            "after it move only what is dated from then on."
        ),
        "ready_hint earlier": say(
            "By how much and which agreement: '6 h' is later, '-6 h' is earlier."
        ),
        "ready_hint other-side-stops": say(
            "Which side, of which agreement, from when and for how long."
        ),
        "ready_hint half-the-fleet": say("Which vehicles, and from when."),
        "ready_hint curfew": say("The hours in which they may set out."),
        "multiply_all": say(
            "To change all of them alike, write 'multiply_by: 0.5' alone: half as many."
        ),
        "not_known_is": say("not known, {path}: {spread}"),
        "is_now": say("now: {value}"),
        "default_is": say("if absent: {value}"),
        "bounds_are": say("allowed: {bounds}"),
        "written_as": say("written as: {example}"),
        "supported_by": say("supported by: {rows}"),
        "section operation": say("The operation as a whole"),
        "section sites": say("Sites"),
        "section fleets": say("Fleets"),
        "section legs": say("Legs"),
        "section gates": say("Gates"),
        "section checkpoints": say("Checkpoints"),
        "section stages": say("Other stages"),
        "section routes": say("Routes"),
        "section flows": say("Flows"),
        "section agreements": say("Agreements"),
        "section stoppages": say("Stoppages"),
        "section weather": say("Weather"),
        "section uncertain": say("What is not known"),
        "further_fields": say("Fields in which nothing is said"),
        "names_are": say("there are: {names}"),
        "several": say("Several stand with commas between, or one to a line."),
        "several_by_name": say(
            "Each is a name, a colon and a value, as in the example; several stand "
            "with commas between, or one to a line."
        ),
        "in_brackets": say("Its fields stand in brackets, as in the example."),
        "or_later": say(
            "Or leave it empty: they can be added one by one once this is there."
        ),
        "add sites": say("Add a site"),
        "add fleets": say("Add a fleet"),
        "add legs": say("Add a leg"),
        "add gates": say("Add a gate"),
        "add checkpoints": say("Add a checkpoint"),
        "add routes": say("Add a route"),
        "add flows": say("Add a flow"),
        "add agreements": say("Add an agreement"),
        "add stoppages": say("Add a stoppage"),
        "add weather": say("Add weather"),
        "add uncertain": say("Add what is not known"),
        "add_to": say("Add to {path}"),
        "several_in": say("Add several to {name}"),
        "several sites": say("Add several sites at once"),
        "several fleets": say("Add several fleets at once"),
        "several_hint sites": say(
            "Copy the lines of your list out of a spreadsheet and paste them below, "
            "one for each site. Each becomes a site with its routes and flows, as "
            "changes that stand in the list of changes like any others. A person is "
            "counted in one column alone: families without the wounded, if these have "
            "one."
        ),
        "several_hint fleets": say(
            "Copy the lines of your list out of a spreadsheet and paste them below, "
            "one for each fleet. Each becomes a fleet, as a change that stands in the "
            "list of changes like any other."
        ),
        "several_like": say("In the shape of:"),
        "several_shape sites": say(
            "What no column says, such as roads, vehicles of a convoy and hours, is as "
            "it is said of '{name}'; it can be changed afterwards."
        ),
        "several_shape fleets": say(
            "What no column says, as the kind of vehicle and who may ride, is as it is "
            "said of '{name}'; it can be changed afterwards."
        ),
        "several_columns": say("The columns, in this order"),
        "several name": say("as you call it"),
        "several ready": say(
            "may be empty: from when they are ready, as 2027-03-10T06:00"
        ),
        "several vehicles": say("how many"),
        "several seats": say("of each vehicle"),
        "several joins": say("from when they are there, as 2027-03-10T06:00"),
        "several_people": say("how many people of the group '{group}'"),
        "several_lines": say("Lines"),
        "several_lines_hint": say(
            "Tabs, semicolons or commas stand between the cells. The first line may be "
            "heads; if these are the names of the columns, they may be in another "
            "order, and a column 'key' may give keys of your own: lower-case letters "
            "'a' to 'z', digits and hyphens. Write numbers in digits alone: '1200', "
            "not '1,200'."
        ),
        "several_add": say("Add them"),
        "several_into": say("Add them and save into the case at once"),
        "new_name": say("Name"),
        "new_name_hint": say(
            "Lower-case letters 'a' to 'z', digits and hyphens. By it other parts name "
            "this one."
        ),
        "new_moment": say("From which moment"),
        "new_moment_hint": say(
            "A local date and time as in '2016-12-15T14:30', or a moment that hangs on "
            "something, as in 'when halt ends'."
        ),
        "new_path": say("Field"),
        "new_path_hint": say(
            "Its path, as in 'fleets.buses.seats'; or a name, if one draw sets several "
            "fields."
        ),
        "take_shape": say("Fill in as it is said of:"),
        "besides": say("What may be said besides"),
        "add_part": say("Add it"),
        "leave_it": say("Add nothing"),
        "remove_part": say("Remove {part}"),
        "remove_whole": say("Remove {part} with its routes and flows"),
        "mend_first": say("It cannot be run so; mend first what is wrong."),
        "not_given": say("not given"),
        "units_are": say("in {units}"),
        "anyway": say("Take it all the same, and mend the rest afterwards"),
        "keep_changes": say("Take these values"),
        "go_on_with": say("Go on with these changes"),
        "run_changed": say("Run it with these changes"),
        "compare_changed": say("Compare with the case as it is"),
        "ask_changed": say("Ask a question with these changes"),
        "save_into": say("Save into the case itself"),
        "into_hint": say(
            "Title of the case from now on; if empty, the one that it has. The file of "
            "the case is written anew with the changes; comments in it are kept as far "
            "as what they are about is. What it said before is not kept: download the "
            "file first if you want it."
        ),
        "save_into_button": say("Save into the case"),
        "save_variant": say("Save as a variant"),
        "variant_title": say("Title"),
        "variant_title_hint": say("If empty, that of the case with the changes."),
        # run
        "run_title": say("Run {name}"),
        "runs": say("Runs"),
        "runs_hint": say("100 is usual; more make bands smoother and take longer."),
        "seed": say("Seed"),
        "seed_hint": say(
            "Root of all random numbers; the same gives the same results."
        ),
        "knowledge": say("Draw what is not known as well"),
        "knowledge_hint": say(
            "Bands then show both chance and what is not known, from the ranges of the "
            "scenario."
        ),
        "fit": say("Draws of a fit"),
        "no_fit": say("none"),
        "fit_hint": say("Runs are then draws of a fit to the documented figures."),
        "consent": say("I agree not to route or time vehicles by it"),
        "consent_title": say("Dates lie ahead"),
        "pdf": say("Write the brief as PDF, too"),
        "of_results": say("Language of the report, the brief and the tables"),
        "run_button": say("Run"),
        # compare
        "compare_title": say("Compare {name} with variants"),
        "variants": say("Variants"),
        "variants_hint": say(
            "Each is run with the same luck as the case, so that the difference shows. "
            "One of your own is made under 'Change something', and saved as a variant."
        ),
        "no_variants": say("There is none yet. Change the case first."),
        "compare_button": say("Compare"),
        "changed_one": say("with the changes so far"),
        # ask
        "ask_title": say("Ask about {name}"),
        "ask_button": say("Ask"),
        "optional": say("may be left empty"),
        "pick_field": say("Which"),
        "pick_none": say("pick one"),
        "pick_values": say("Values to try"),
        "values_hint": say(
            "Values with commas between, as '40, 50, 60', or steps, as '8 to 16 by 4'; "
            "with the unit of what it is now."
        ),
        "moments_hint": say(
            "Dates with commas between, as '2027-03-10T06:00, 2027-03-11T06:00', or "
            "steps, as '2027-03-10T00:00 to 2027-03-14T00:00 by 1 d'."
        ),
        "range_hint": say(
            "From the least to the greatest, as '40 to 80'; with the unit of what it "
            "is now."
        ),
        "pick_other": say("Or write it, by its path in the scenario"),
        "pick_typed": say("Path and values"),
        # studies
        "no_studies": say("No study has been asked for yet. Choose a case and run it."),
        "study": say("Study"),
        "kind": say("Kind"),
        "standing": say("Standing"),
        "began": say("Begun"),
        "kind run": say("Runs of a case"),
        "kind compare": say("Comparison"),
        "kind select": say("Selection"),
        "kind sweep": say("Sweep"),
        "kind calibrate": say("Calibration"),
        "kind validate": say("Validation"),
        "kind forecast": say("Forecast"),
        **{f"kind {name}": say("Question") for name in _QUESTIONS},
        "spoken": say(
            "They are in {language}, as it was asked for. For another language, run it "
            "again and choose it there."
        ),
        "run_again": say("Run it again"),
        "change_further": say("Change something else"),
        "waiting": say("waits for its turn"),
        "running": say("is running"),
        "stopped": say("stopped"),
        "finished": say("finished"),
        "failed": say("failed"),
        "stop": say("Stop"),
        "resume": say("Go on"),
        "remove": say("Remove"),
        "remove_sure": say("Yes, remove it with all its results"),
        "progress": say("How far it is"),
        "so_far_runs": say("What the runs so far say"),
        "first_soon": say("The first runs will show here soon."),
        "looks_again": say("This page looks again by itself every few seconds."),
        "be_still": say("Keep it still"),
        "look_again": say("Let it look again by itself"),
        "asked_by": say("Asked for as"),
        "results": say("Results"),
        "read": say("To read and hand on"),
        "tables": say("For programs"),
        "all_files": say("All files in one (zip)"),
        "report.html": say("Report"),
        "brief.html": say("Brief for a meeting, one page"),
        "brief.pdf": say("Brief as PDF"),
        "movements.html": say("Movement table"),
        "receiving.html": say("Table for those who receive"),
        "results.xlsx": say("Workbook"),
        "why": say("Why"),
        # problems
        "problem": say("This was not done"),
        "back": say("To the cases"),
        "mistakes": say("Please look at these once more:"),
        "error 400": say("The page cannot make sense of this."),
        "error 403": say(
            "This form is from before the program was started again, or not from this "
            "page. Go back, reload, and send it again."
        ),
        "error 404": say("There is nothing at this address."),
        "error 405": say("The page takes links and forms alone."),
        "error 408": say("What was sent did not arrive in time."),
        "error 413": say("This is larger than anything that the page takes."),
        "error 415": say("The page takes forms of its own alone."),
        "error 422": say("This cannot be done as it was asked for."),
        "error 500": say(
            "This is a bug in the program, not in your scenario. What was saved and "
            "run before is kept."
        ),
    }
)
"""By what they are for."""


def filled(label: Sentence, **fields: Text) -> Sentence:
    """Return a label with what stands in its fields."""
    return replace(label, fields=tuple(fields.items()))
