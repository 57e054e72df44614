"""Frequent given names of the countries whose hospitals take part, by which a full name is known without a title.

Left out are names that a note writes as words (Frank, Grace, Mark, Will) and those of instruments and approaches.
"""

from __future__ import annotations

_NAMES = """
aaron abigail adam adele agnes agnieszka ahmed aileen alan albert alejandro alessandro alexander alexandra alexis
alfred ali alice alicia alison allan amanda amelia amy ana anders andre andrea andreas andrew andrzej angela anita
anna anne annette annika anthony antoine anton antonia antonio archie arthur astrid barbara beatrice belinda benjamin
bernadette bernard bernd bettina bianca birgit bjorn björn bradley brenda brian bridget bruce bruno camilla carina
carl carla carlos carmen caroline carolyn catherine cecilia charles charlotte chiara christian christina christine
christoph christopher claire clara claudia claus colin cornelia craig cristina curtis cynthia daisy daniel daniela
danielle david deborah debra denise dennis derek diana diane dieter dimitri dirk dolores dominic donald donna doris
dorothea dorothy douglas duncan edith eduardo edward edwin eileen elaine eleanor elena elisa elisabeth elizabeth ella
ellen elsa emil emily emma eric erica erik erika ernest ernst esther eugene eva evelyn fatima felicity felix fernando
fiona florence frances francesca francesco francis francisco franz franziska françois frederick friedrich fritz
gabriel gabriele gareth gary geoffrey georg george georgina gerald gerard gerda gerhard gertrud gilbert giorgio
giovanni giulia giuseppe gloria gordon graham greta gudrun guillermo gunther gustav hanna hannah hans harald harold
harriet harry hassan heidi heike heinrich heinz helen helena helga helmut henri henrik henry herbert hermann hilda
hilde horst howard hubert hugh hugo ian ibrahim ida ignacio ingeborg ingrid irene isaac isabel isabella ivan jacob
jacqueline jacques jakob james jan jane janet janice jason javier jean jeffrey jennifer jens jeremy jessica joachim
joan joanna joanne joao johan johann johanna johannes john jonas jonathan jorge jose josé josef joseph josephine
joshua joyce juan judith julia julian julie jürgen justin karen karin karl karla katarina katarzyna kate katharina
katherine kathleen katja keith kelly kenneth kerstin kevin kimberly klaus konrad kristin krzysztof kurt lars laura
lauren laurence lawrence lena leo leonard leonie lewis liam lidia lieselotte lilian lillian linda lisa lorenzo lothar
louis louisa louise luca lucas lucia lucy ludwig luigi luis luisa lukas lydia maarten maciej magdalena malcolm manfred
manuel manuela marc marcel marco marcus margaret margarete maria marian marianne marie marilyn mario marion marius
marjorie markus marlene marta martha martin martina martine mary mathilde matthew matthias maureen maurice max
maximilian megan melanie melissa michael michaela michel michelle miguel mikael miriam mohamed mohammed monica monika
monique muhammad muriel nancy naomi natalia natalie nathan neil nicholas nicola nicolas nicole niels nigel nina nora
norbert norman olaf olga oliver olivia oscar oskar otto pamela paolo pascal patricia patrick paul paula paulina
pauline pedro peggy penelope peter petra philip philipp phillip phyllis pierre pieter piotr priscilla rachel rafael
rainer ralf ralph raymond rebecca regina reinhard renate ricardo richard rita robert roberta roberto robin roger
roland rolf ronald rosalind rosemary rudolf rupert russell ruth sabine sally samantha samuel sandra sara sarah
sebastian sergio shannon sharon sheila shirley siegfried sigrid silke silvia simon simone sofia sonia sophia sophie
stanley stefan stefanie stella stephan stephanie stephen steven stewart stuart susan susanne suzanne sven svetlana
sybille sylvia tanja tatiana teresa thelma theodor theodore theresa thomas thorsten timothy tobias tomasz torsten
tracy trevor ulrich ulrike ursula uwe valerie vanessa vera verena veronica victor victoria viktor vincent virginia
vivian volker walter waltraud wendy werner wilfried wilhelm william winifred wolfgang xavier yolanda yusuf yves yvonne
zoe
"""
GIVEN_NAMES = frozenset(_NAMES.split())
