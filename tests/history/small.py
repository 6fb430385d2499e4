"""A world of four states and two crises in the form of the published files."""

from pathlib import Path

ICB1_COLUMNS = (
    "crisno,crisname,break,yrtrig,motrig,datrig,brexit,gravcr,crismg,cenviosy,sevviosy,viol,timvio,iwcmb,outesr,"
    "protrac,pcid,syslevsy,period,geog,powdissy,usinv,suinv"
)
FILES = {
    "icb1v16.csv": f"""ICB1,{ICB1_COLUMNS}
ICB1,1,FIRST,7,1950,3,2,30,3,7,1,1,2,1,1,1,2,9,1,3,31,10,2,1
ICB1,2,SECOND,9,1951,5,77,60,5,8,4,4,4,1,2,1,1,5,1,3,31,10,2,1
""",
    "icb2v16.csv": """ICB2,crisno,cracid,yrtrig,motrig,datrig,trigent,southv
ICB2,1,365,1950,3,2,2,200
ICB2,1,2,1950,3,9,365,365
ICB2,2,220,1951,5,20,996,365
ICB2,2,200,1951,5,77,365,365
""",
    "NMC-70-abridged.csv": """stateabb,ccode,year,milex,milper,irst,pec,tpop,upop,cinc,version
USA,2,1950,1,1,1,1,1,1,0.3,2023
RUS,365,1950,1,1,1,1,1,1,0.1,2023
UKG,200,1950,-9,1,1,1,1,1,0.05,2023
RUS,365,1951,1,1,1,1,1,1,0.2,2023
FRN,220,1951,1,1,1,1,1,1,-9,2023
""",
    "atop5_1ddyr.csv": """ddyad,stateA,stateB,year,atopally,defense,offense,neutral,nonagg,consul
2200,2,200,1950,1,1,0,0,0,1
200365,200,365,1950,1,1,0,0,1,0
710365,710,365,1950,1,1,0,0,0,0
316365,316,365,1950,1,1,0,0,0,0
365316,365,316,1950,1,0,0,0,1,0
2200,2,200,2018,1,1,0,0,0,1
""",
    "contdird.csv": """dyad,state1no,state1ab,state2no,state2ab,year,conttype,version
2365,2,USA,365,RUS,1950,2,3.2
365002,365,RUS,2,USA,1950,2,3.2
2365,2,USA,365,RUS,1950,3,3.2
""",
    "contdir.csv": """dyad,statelno,statelab,statehno,statehab,conttype,begin,end,notes,version
2365,2,USA,365,RUS,2,194912,195101,,3.2
2365,2,USA,365,RUS,3,195005,195006,,3.2
""",
    "MIDA 5.0.csv": """dispnum,stday,stmon,styear,endday,endmon,endyear,outcome,settle,fatality,fatalpre,\
maxdur,mindur,hiact,hostlev,recip,numa,numb,ongo2014,version
1,2,3,1950,9,4,1950,5,1,0,0,38,38,7,3,0,1,2,0,5
2,-9,5,1950,1,6,1950,5,1,0,0,31,1,15,4,1,1,1,0,5
""",
    "MIDB 5.0.csv": """dispnum,stabb,ccode,stday,stmon,styear,endday,endmon,endyear,sidea,revstate,revtype1,revtype2,\
fatality,fatalpre,hiact,hostlev,orig,version
1,USA,2,2,3,1950,9,4,1950,1,1,1,-9,0,0,7,3,1,5
1,RUS,365,2,3,1950,9,4,1950,0,0,0,-9,0,0,0,1,1,5
1,CHN,710,9,3,1950,9,4,1950,0,0,0,-9,0,0,7,3,0,5
2,RUS,365,-9,5,1950,1,6,1950,1,1,1,-9,0,0,15,4,1,5
2,UKG,200,-9,5,1950,1,6,1950,0,0,0,-9,0,0,14,4,1,5
""",
}


def write(folder: Path, **changed: str) -> Path:
    """Write all files; `changed` replaces the content of one by its name up to the first dot or blank."""
    for name, text in FILES.items():
        (folder / name).write_text(changed.get(name.split(".")[0].split(" ")[0], text), encoding="utf-8-sig")
    return folder
